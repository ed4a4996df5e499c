/** A line of a file, as text tells it: "lib/add.js:14:3". */
export interface Spot {
  path: string;
  line: number;
  /** 0 when the text does not say. */
  column: number;
}

export type Part = string | { text: string; spot: Spot };

/**
 * What lies at the end of an absolute path, of a URL or of "node:fs" is no file of a webtask. Where it begins is looked for once
 * in each word, and a path is short: a line of a log may be a megabyte of anything.
 */
const SPOT = /(?<![\w./:@\\-])(\w[\w./-]{0,200}\.[A-Za-z]{1,5}):(\d{1,6})(?::(\d{1,6}))?(?!\w)/g;

/** The text in pieces, with the places in files that `own` knows. Joined they are the text again. */
export function partsOf(text: string, own: (path: string) => boolean): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(SPOT)) {
    const [said, path = "", line, column] = match;
    if (!own(path) || Number(line) === 0) continue;
    if (match.index > from) parts.push(text.slice(from, match.index));
    parts.push({ text: said, spot: { path, line: Number(line), column: Number(column ?? 0) } });
    from = match.index + said.length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}
