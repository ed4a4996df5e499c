import { clock } from "../lib/format.ts";
import type { Phase } from "./phase.ts";

export type Tone = "good" | "busy" | "warn" | "bad";

/** The words of the state pill. Nothing says "saved" that the server does not have. */
export function draftWords(
  phase: Phase,
  savedAt: string | null,
  kept: boolean,
): { words: string; tone: Tone } {
  const where = kept ? "kept on this device" : "held by this page only";
  switch (phase) {
    case "clean":
      return { words: "Saved", tone: "good" };
    case "saved":
      return { words: savedAt ? `Draft saved ${clock(savedAt)}` : "Draft saved", tone: "good" };
    case "editing":
      return { words: "Editing…", tone: "busy" };
    case "saving":
      return { words: "Saving…", tone: "busy" };
    case "offline":
      return { words: `Offline – ${where}`, tone: "warn" };
    case "failed":
      return { words: `Not saved yet – ${where}, trying again`, tone: "warn" };
    case "stuck":
      return { words: `Not saved – ${where}`, tone: "bad" };
    case "denied":
      return { words: `Signed out – ${where}`, tone: "bad" };
    case "large":
      return { words: "Too large to save", tone: "bad" };
    case "conflict":
      return { words: "Someone saved elsewhere", tone: "bad" };
  }
}
