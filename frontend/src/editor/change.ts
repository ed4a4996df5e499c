/** What makes one text of another: from one offset to another stands `text` then. */
export interface Change {
  start: number;
  end: number;
  text: string;
}

/** The lines that differ, from the first to the last. */
export function changeOf(before: string, after: string): Change {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  start = before.slice(0, start).lastIndexOf("\n") + 1;
  let left = 0;
  while (left < most - start && before.at(-1 - left) === after.at(-1 - left)) left++;
  const line = before.indexOf("\n", before.length - left);
  left = line < 0 ? 0 : before.length - line - 1;
  return { start, end: before.length - left, text: after.slice(start, after.length - left) };
}
