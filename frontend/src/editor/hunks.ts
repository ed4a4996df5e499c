import { common } from "./lines.ts";

/** Where two texts differ, by whole lines. Lines count from 0. */
export interface Hunk {
  /** Where it begins in the text before, and how many lines of that are gone. */
  before: number;
  removed: number;
  /** Where it begins in the text after, and how many lines of that are new. */
  after: number;
  added: number;
}

/** Without their ends: a line break at the end of the text begins another, so that only it differs where it is missing. */
function linesOf(text: string): string[] {
  return text === "" ? [] : text.split("\n");
}

/** In order. With `loosely`, white space at both ends of a line does not count. */
export function hunks(before: string, after: string, loosely = false): Hunk[] {
  const [old, now] = [before, after].map((text) =>
    loosely ? linesOf(text).map((line) => line.trim()) : linesOf(text),
  ) as [string[], string[]];
  const found: Hunk[] = [];
  let [was, is] = [0, 0];
  // What lies before, between and after the lines that both have.
  for (const { from, to, other } of [
    ...common(old, now),
    { from: old.length, to: old.length, other: now.length },
  ]) {
    if (from > was || other > is)
      found.push({ before: was, removed: from - was, after: is, added: other - is });
    [was, is] = [to, other + to - from];
  }
  return found;
}

/** The text after, with what the text before has in the place of one hunk. */
export function revert(before: string, after: string, hunk: Hunk): string {
  const lines = linesOf(after);
  lines.splice(hunk.after, hunk.added, ...linesOf(before).slice(hunk.before, hunk.before + hunk.removed));
  return lines.join("\n");
}
