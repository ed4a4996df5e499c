import type { Content } from "../editor/content.ts";
import { type Hunk, hunks, revert } from "../editor/hunks.ts";
import { linesOf } from "../editor/lines.ts";

/** A file that is not the same in two contents. `before` or `after` is null where there is none of that path. */
export interface ChangedFile {
  path: string;
  status: "added" | "removed" | "changed";
  before: string | null;
  after: string | null;
  hunks: Hunk[];
  /** Lines. */
  added: number;
  removed: number;
}

/** All texts by path, the code first, under the name `entry`. */
export function textsOf({ code, files }: Content, entry: string): [path: string, text: string][] {
  const beside = Object.entries(files).sort(([one], [other]) => (one < other ? -1 : 1));
  return [[entry, code], ...beside];
}

/** The code first, then by path. With `loosely`, white space at both ends of a line does not count. */
export function changedFiles(before: Content, after: Content, entry: string, loosely = false): ChangedFile[] {
  const [old, now] = [new Map(textsOf(before, entry)), new Map(textsOf(after, entry))];
  const paths = textsOf({ code: "", files: { ...before.files, ...after.files } }, entry);
  return paths.flatMap(([path]) => {
    const file = compared(path, old.get(path) ?? null, now.get(path) ?? null, loosely);
    return file ? [file] : [];
  });
}

function compared(
  path: string,
  before: string | null,
  after: string | null,
  loosely: boolean,
): ChangedFile | null {
  if (before === after) return null;
  if (before === null)
    return { path, status: "added", before, after, hunks: [], added: count(after), removed: 0 };
  if (after === null)
    return { path, status: "removed", before, after, hunks: [], added: 0, removed: count(before) };
  const found = hunks(before, after, loosely);
  const sum = (what: "added" | "removed") => found.reduce((all, hunk) => all + hunk[what], 0);
  if (found.length === 0) return null;
  return {
    path,
    status: "changed",
    before,
    after,
    hunks: found,
    added: sum("added"),
    removed: sum("removed"),
  };
}

/** `content` with one file as it was before: all of it, or in the place of one hunk. */
export function reverted(content: Content, file: ChangedFile, entry: string, hunk?: Hunk): Content {
  const text = hunk ? revert(file.before ?? "", file.after ?? "", hunk) : file.before;
  if (file.path === entry) return { ...content, code: text ?? "" };
  const files = { ...content.files };
  if (text === null) delete files[file.path];
  else files[file.path] = text;
  return { ...content, files };
}

/** “line 3”, “lines 3 to 5”, “after line 2”: of the text after, as people count. */
export function whereIs({ after, added }: Hunk): string {
  if (added === 0) return after === 0 ? "at the beginning" : `after line ${after}`;
  return added === 1 ? `line ${after + 1}` : `lines ${after + 1} to ${after + added}`;
}

function count(text: string | null): number {
  return linesOf(text ?? "").length;
}
