import { type Boot, may } from "../lib/boot.ts";
import { ariaKeys, isMac, keyLabel } from "../lib/keys.ts";
import { type Theme, THEMES } from "../lib/theme.ts";
import type { Action } from "../lib/types.ts";
import { called, offered, type View, VIEWS } from "./places.ts";

/** What lies over the workspace while it is looked at. */
export type Overlay =
  "commands" | "webtasks" | "keyboard" | "publish" | "fork" | "share" | "merge" | "copies";

/** What a command can do to the workspace. */
export interface Hands {
  open(overlay: Overlay): void;
  show(view: View): void;
  /** Of a person; null for the list of all. */
  draft(person: number | null): void;
  run(): void;
  replay(): void;
  publish(): void;
  save(): void;
  drawer(): void;
  rail(): void;
  region(step: 1 | -1): void;
  editor(what: "problem" | "tab" | "format"): void;
  theme(theme: Theme): void;
  teams(): void;
}

export interface Command {
  id: string;
  words: string;
  group: "Webtask" | "Views" | "Around";
  keys: readonly string[];
  /** What one must be allowed to; "team" is to belong to it. */
  needs: Action | "team" | null;
  run: (hands: Hands) => void;
}

/** A second way to a view, beside its place in the rail. */
const ALSO: Partial<Record<View, string>> = { changes: "Ctrl+Shift+D", logs: "Ctrl+Shift+L" };

/** Every command, once: what a key does, what the palette finds, what tooltips and the keyboard sheet say. */
export const COMMANDS: readonly Command[] = [
  {
    id: "run",
    words: "Run",
    group: "Webtask",
    keys: ["Ctrl+Enter"],
    needs: "webtask.run",
    run: (hands) => hands.run(),
  },
  {
    id: "replay",
    words: "Send the last request again",
    group: "Webtask",
    keys: ["Ctrl+Alt+R"],
    needs: "webtask.run",
    run: (hands) => hands.replay(),
  },
  {
    id: "publish",
    words: "Publish",
    group: "Webtask",
    keys: ["Ctrl+Shift+Enter"],
    needs: "webtask.publish",
    run: (hands) => hands.publish(),
  },
  {
    id: "save",
    words: "Save the draft now",
    group: "Webtask",
    keys: ["Ctrl+S"],
    needs: "webtask.edit",
    run: (hands) => hands.save(),
  },
  {
    id: "share",
    words: "Share",
    group: "Webtask",
    keys: [],
    needs: null,
    run: (hands) => hands.open("share"),
  },
  {
    id: "copies",
    words: "Copies on this device",
    group: "Webtask",
    keys: [],
    needs: "webtask.edit",
    run: (hands) => hands.open("copies"),
  },
  {
    id: "problem",
    words: "Go to the next problem",
    group: "Webtask",
    keys: ["F8"],
    needs: "webtask.code",
    run: (hands) => hands.editor("problem"),
  },
  {
    id: "format",
    words: "Format the file",
    group: "Webtask",
    keys: ["Alt+Shift+F"],
    needs: "webtask.edit",
    run: (hands) => hands.editor("format"),
  },
  {
    id: "tab",
    words: "Let Tab indent or move the focus",
    group: "Webtask",
    keys: [isMac ? "Ctrl+Shift+M" : "Ctrl+M"],
    needs: "webtask.code",
    run: (hands) => hands.editor("tab"),
  },
  {
    id: "drafts",
    words: "Everybody’s drafts",
    group: "Webtask",
    keys: [],
    needs: "webtask.code",
    run: (hands) => hands.draft(null),
  },
  {
    id: "fork",
    words: "Fork this webtask",
    group: "Webtask",
    keys: [],
    needs: "webtask.code",
    run: (hands) => hands.open("fork"),
  },
  ...VIEWS.map((view, index): Command => ({
    id: `view-${view}`,
    words: "",
    group: "Views",
    keys: [...(index < 9 ? [`Alt+${index + 1}`] : []), ...(ALSO[view] ? [ALSO[view]] : [])],
    needs: null,
    run: (hands) => hands.show(view),
  })),
  {
    id: "palette",
    words: "Find a command",
    group: "Around",
    keys: ["Ctrl+K", "F1"],
    needs: null,
    run: (hands) => hands.open("commands"),
  },
  {
    id: "webtasks",
    words: "Open a file or another webtask",
    group: "Around",
    keys: ["Ctrl+P"],
    needs: null,
    run: (hands) => hands.open("webtasks"),
  },
  {
    id: "teams",
    words: "Switch team",
    group: "Around",
    keys: ["Alt+Shift+S"],
    needs: null,
    run: (hands) => hands.teams(),
  },
  {
    id: "drawer",
    words: "Show or hide the logs",
    group: "Around",
    keys: ["Ctrl+J"],
    needs: "webtask.logs",
    run: (hands) => hands.drawer(),
  },
  {
    id: "rail",
    words: "Show or hide the names of the views",
    group: "Around",
    keys: ["Ctrl+B"],
    needs: null,
    run: (hands) => hands.rail(),
  },
  {
    id: "next-region",
    words: "Go to the next region",
    group: "Around",
    keys: ["F6"],
    needs: null,
    run: (hands) => hands.region(1),
  },
  {
    id: "previous-region",
    words: "Go to the previous region",
    group: "Around",
    keys: ["Shift+F6"],
    needs: null,
    run: (hands) => hands.region(-1),
  },
  {
    id: "keyboard",
    words: "Keyboard shortcuts",
    group: "Around",
    keys: ["?"],
    needs: null,
    run: (hands) => hands.open("keyboard"),
  },
  ...THEMES.map((theme): Command => ({
    id: `theme-${theme}`,
    words: `Theme: ${theme}`,
    group: "Around",
    keys: [],
    needs: null,
    run: (hands) => hands.theme(theme),
  })),
];

/** Those of whoever sees this page, none for what they may not do. */
export function commandsOf(boot: Boot): Command[] {
  const views = new Map(offered(boot).map((view) => [`view-${view}`, called(boot, view).words]));
  return COMMANDS.flatMap((command) => {
    const { group, needs } = command;
    if (group === "Views") {
      const words = views.get(command.id);
      return words ? [{ ...command, words }] : [];
    }
    const given = needs === null || (needs === "team" ? boot.paths.team !== null : may(boot, needs));
    return given ? [command] : [];
  });
}

export function commandOf(chord: string | null): Command | null {
  return COMMANDS.find(({ keys }) => chord !== null && keys.includes(chord)) ?? null;
}

const keysOf = (id: string) => COMMANDS.find((command) => command.id === id)?.keys ?? [];

/** "Ctrl+K", as the keyboard at hand prints it; "" for what has no key. */
export function keyOf(id: string): string {
  return keyLabel(keysOf(id)[0] ?? "");
}

/** "Run it (Ctrl+Enter)". */
export function tip(id: string, words: string): string {
  const key = keyOf(id);
  return key ? `${words} (${key})` : words;
}

export function shortcutsOf(id: string): string | undefined {
  return ariaKeys(keysOf(id)) || undefined;
}
