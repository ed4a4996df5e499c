import { workspaceOf } from "../src/lib/editLink.ts";

const page = document.querySelector<HTMLElement>("[data-workspaces]");
// Replaced, not followed: the link may carry a token, which must not stay in the history.
if (page?.dataset.workspaces) location.replace(workspaceOf(page.dataset.workspaces, location.hash));
