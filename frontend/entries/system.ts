import { mount } from "svelte";

import { readBoot, type SystemBoot } from "../src/lib/boot.ts";
import { liveUrl } from "../src/lib/live.ts";
import { Nodes } from "../src/system/nodes.svelte.ts";
import System from "../src/system/System.svelte";

const target = document.getElementById("wt-system");
if (!target) throw new Error("The page has no #wt-system");
const nodes = new Nodes(readBoot<SystemBoot>(), liveUrl(location));
target.replaceChildren();
mount(System, { target, props: { nodes } });
nodes.connect();
