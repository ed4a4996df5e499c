import { mount } from "svelte";

import { LimitedApi } from "../src/lib/api.ts";
import { readBoot, type TeamBoot } from "../src/lib/boot.ts";
import LimitsForm from "../src/limits/LimitsForm.svelte";
import { LimitsDraft } from "../src/limits/limits.svelte.ts";

const boot = readBoot<TeamBoot>();
const target = document.getElementById("wt-limits");
if (!target) throw new Error("The page has no #wt-limits");
target.replaceChildren();
const draft = new LimitsDraft(new LimitedApi(boot.api, boot.csrf), boot.limits);
mount(LimitsForm, { target, props: { draft, allowed: boot.may, from: () => "Default" } });
