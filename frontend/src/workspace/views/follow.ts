import { tick } from "svelte";

import { textOf } from "../../editor/content.ts";
import { isCode } from "../../lib/entry.ts";
import { Problem } from "../../lib/problem.ts";
import type { Spot } from "../../logs/spots.ts";
import type { Layout } from "../layout.svelte.ts";
import type { Route } from "../route.svelte.ts";
import type { Session } from "../session.svelte.ts";

export interface Around {
  session: Session;
  route: Route;
  layout: Layout;
}

/** Whether code of that label ("draft", "v12") may have such a file. Which ones a version has is known when it is looked at. */
export function owns(label: string, path: string, entry: string, files: readonly string[]): boolean {
  if (path === entry || files.includes(path)) return label === "draft" || versionOf(label) !== null;
  return versionOf(label) !== null && (isCode(path) || path.endsWith(".json"));
}

/** To the line in the editor; in the version that told of it, where the draft has another text by now. */
export async function follow(spot: Spot, label: string, { session, route, layout }: Around): Promise<void> {
  const number = versionOf(label);
  try {
    const editable = number === null || (await inDraft(session, spot.path, number));
    layout.running = false;
    if (!editable) return route.version(number, null, spot);
    route.show("code");
    session.file = spot.path;
    await tick();
    session.editor?.goTo(spot);
  } catch (thrown) {
    session.trouble = Problem.from(thrown);
  }
}

async function inDraft({ api, draft, entry, live }: Session, path: string, number: number): Promise<boolean> {
  if (draft.phase === "clean" && live?.number === number) return true;
  const text = textOf(await api.version(number), path, entry);
  return text !== undefined && text === textOf(draft.content, path, entry);
}

function versionOf(label: string): number | null {
  return /^v[1-9]\d*$/.test(label) ? Number(label.slice(1)) : null;
}
