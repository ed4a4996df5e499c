import { type Boot, may } from "../lib/boot.ts";
import type { Action } from "../lib/types.ts";
import type { IconName } from "../ui/icons.ts";

/** What the middle of the workspace shows. The order is that of the rail, and of Alt+1 to Alt+9. */
export const VIEWS = [
  ...(["code", "changes", "versions", "logs"] as const),
  ...(["secrets", "storage", "schedule", "modules", "settings"] as const),
] as const;
/** The last one has no place in the rail: commands and people lead there. */
export type View = (typeof VIEWS)[number] | "drafts";

/** `needs` is what one must be allowed to, to see it at all. */
export const ABOUT: Record<View, { words: string; icon: IconName; needs: Action }> = {
  code: { words: "Code", icon: "code", needs: "webtask.code" },
  changes: { words: "Changes", icon: "changes", needs: "webtask.code" },
  versions: { words: "Versions", icon: "history", needs: "webtask.code" },
  logs: { words: "Logs", icon: "logs", needs: "webtask.logs" },
  secrets: { words: "Secrets", icon: "key", needs: "webtask.code" },
  storage: { words: "Storage", icon: "storage", needs: "storage.read" },
  schedule: { words: "Schedule", icon: "clock", needs: "webtask.view" },
  modules: { words: "Modules", icon: "box", needs: "webtask.code" },
  settings: { words: "Settings", icon: "settings", needs: "webtask.view" },
  drafts: { words: "Drafts", icon: "changes", needs: "webtask.code" },
};

/** Above the rail's line is the code and what it did; these, below it, belong to it. */
const REST: View[] = ["secrets", "storage", "schedule", "modules", "settings"];

export function firstOfTheRest(views: View[]): View | undefined {
  return views.find((view) => REST.includes(view));
}

/** The views of whoever sees this page, none for what they may not do. Beside the code is where it is run: that may be all. */
export function offered(boot: Boot): View[] {
  return VIEWS.filter(
    (view) => may(boot, ABOUT[view].needs) || (view === "code" && may(boot, "webtask.run")),
  );
}

export function called(boot: Boot, view: View): { words: string; icon: IconName } {
  return view === "code" && !may(boot, "webtask.code") ? { words: "Run", icon: "play" } : ABOUT[view];
}
