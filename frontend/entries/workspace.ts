import "../src/ui/tokens.css";
import "../src/ui/base.css";
import "../src/ui/shell.css";
import "../src/ui/teams.css";

import { mount } from "svelte";

import { readBoot } from "../src/lib/boot.ts";
import { giveStylesTheNonce } from "../src/lib/nonce.ts";
import { watchTeams } from "../src/lib/teams.ts";
import { Session } from "../src/workspace/session.svelte.ts";
import Workspace from "../src/workspace/Workspace.svelte";

giveStylesTheNonce();

const target = document.getElementById("wt-workspace");
if (!target) throw new Error("The page has no #wt-workspace");
const session = await Session.open(readBoot());
target.replaceChildren();
mount(Workspace, { target, props: { session } });
watchTeams();
