import type { Content } from "./content.ts";
import { common, linesOf, type Run } from "./lines.ts";

/** Who changed it: nobody, one of the two, both alike, or both in different ways. */
export type Origin = "same" | "theirs" | "yours" | "alike" | "conflict";

/** A stretch of lines as each text has it. Null is a file that is not there. */
export interface Hunk {
  origin: Origin;
  base: string | null;
  theirs: string | null;
  yours: string | null;
}

/** "" is the webtask's own code. */
export interface MergedFile {
  path: string;
  hunks: Hunk[];
}

export type Choice = "theirs" | "yours" | "both";

/** Every file of the three, the code first. */
export function merge(base: Content, theirs: Content, yours: Content): MergedFile[] {
  const paths = new Set([base, theirs, yours].flatMap(({ files }) => Object.keys(files)));
  return [
    { path: "", hunks: mergeText(base.code, theirs.code, yours.code) },
    ...[...paths].sort().map((path) => ({ path, hunks: mergeFile(path, base, theirs, yours) })),
  ];
}

function mergeFile(path: string, ...[base, theirs, yours]: [Content, Content, Content]): Hunk[] {
  const [was, there, here] = [base, theirs, yours].map(({ files }) => files[path] ?? null) as Texts;
  const hunks = there !== null && here !== null ? mergeText(was ?? "", there, here) : [];
  return hunks.length ? hunks : [hunkOf(was, there, here)];
}

type Texts = [base: string | null, theirs: string | null, yours: string | null];

function hunkOf(...[base, theirs, yours]: Texts): Hunk {
  return { origin: originOf(base, theirs, yours), base, theirs, yours };
}

function originOf(...[base, theirs, yours]: Texts): Origin {
  if (theirs === yours) return theirs === base ? "same" : "alike";
  if (yours === base) return "theirs";
  return theirs === base ? "yours" : "conflict";
}

/** By lines, as diff3 does it: what lies between lines that all three share is one hunk. */
export function mergeText(base: string, theirs: string, yours: string): Hunk[] {
  const [was, there, here] = [base, theirs, yours].map(linesOf) as [string[], string[], string[]];
  const hunks: Hunk[] = [];
  let at = { base: 0, theirs: 0, yours: 0 };
  const upTo = (end: typeof at) => {
    const parts: [string[], number, number][] = [
      [was, at.base, end.base],
      [there, at.theirs, end.theirs],
      [here, at.yours, end.yours],
    ];
    const texts = parts.map(([lines, from, to]) => lines.slice(from, to).join("")) as Texts;
    if (texts.some((text) => text !== "")) hunks.push(hunkOf(...texts));
    at = end;
  };
  for (const { base: from, theirs: left, yours: right, length } of stable(
    common(was, there),
    common(was, here),
  )) {
    upTo({ base: from, theirs: left, yours: right });
    upTo({ base: from + length, theirs: left + length, yours: right + length });
  }
  upTo({ base: was.length, theirs: there.length, yours: here.length });
  return hunks;
}

/** The lines of the base that both have. */
function* stable(theirs: Run[], yours: Run[]) {
  let [left, right] = [0, 0];
  while (left < theirs.length && right < yours.length) {
    const [one, two] = [theirs[left] as Run, yours[right] as Run];
    const from = Math.max(one.from, two.from);
    const to = Math.min(one.to, two.to);
    if (from < to)
      yield {
        base: from,
        theirs: one.other + from - one.from,
        yours: two.other + from - two.from,
        length: to - from,
      };
    if (one.to < two.to) left++;
    else right++;
  }
}

/** What is put in the result before anybody chose: of a conflict yours, for it is the text being worked on. */
export function chosen(
  hunk: Hunk,
  choice: Choice = hunk.origin === "theirs" ? "theirs" : "yours",
): string | null {
  if (choice !== "both") return hunk[choice];
  if (hunk.origin !== "conflict") return chosen(hunk);
  const { theirs, yours } = hunk;
  if (theirs === null || yours === null) return theirs ?? yours;
  // The last line of a text may have no end; what follows it must not be glued to it.
  return theirs && yours && !theirs.endsWith("\n") ? `${theirs}\n${yours}` : theirs + yours;
}

/** The file that its hunks' texts make; null when it is not to be there. */
export function join(texts: (string | null)[]): string | null {
  return texts.every((text) => text === null) ? null : texts.map((text) => text ?? "").join("");
}
