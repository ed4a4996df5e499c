import type { Caller } from "../lib/caller.ts";
import type { Content } from "./content.ts";

/** What the workspace needs of an editor, whichever draws it: Monaco or a plain text area. */
export interface CodeEditor {
  /** Replaces the texts, each as one step that undo takes back. */
  replace(content: Content): void;
  /** Shows one of its files; what it does not have it does not show. */
  open(file: string): void;
  /** Calls a file otherwise; its history, its cursor and its place go along. */
  rename(from: string, to: string): void;
  /** Puts the cursor there, in the file that it shows, within sight and in focus. */
  goTo(at: Cursor): void;
  focus(): void;
  /** Another tab writes this text now, or this one again. */
  readOnly?(on: boolean): void;
  /** Goes to the next problem, has Tab move the focus or indent, or formats the file; only Monaco can. */
  does?(what: "problem" | "tab" | "format"): void;
  /** Shows where the last run failed, by its stack; "" when it did not. `ran` is the code that did. */
  fail?(stack: string, ran: Content): void;
  /** Shows where others type; only Monaco can. */
  flags?(flags: Flag[]): void;
  /** Tells it what lies around the code. */
  surround?(around: Surroundings): void;
}

export interface Cursor {
  line: number;
  /** 0 where the line begins to say something. */
  column: number;
}

/** Where somebody else types, by the text that they have. */
export interface Flag {
  path: string;
  line: number;
  name: string;
  /** Which of the colours of people. */
  tone: number;
}

export interface EditorEvents {
  onChange: (file: string, text: string) => void;
  /** It shows another file, on its own account. */
  onFile?: ((file: string) => void) | undefined;
  onBlur?: () => void;
  onCursor?: (cursor: Cursor) => void;
  /** `broken` are the files with errors. */
  onProblems?: (errors: number, warnings: number, broken: string[]) => void;
  onTabMode?: (movesFocus: boolean) => void;
}

/** What lies around the code: where to ask for it, and what can be done about what is missing there. */
export interface Surroundings {
  api: Pick<Caller, "call">;
  /** Whether the stored document may be read. */
  storage: boolean;
  addSecret?: ((name: string) => void) | undefined;
  /** Resolves when it is on the list. */
  install?: ((name: string) => Promise<void>) | undefined;
}
