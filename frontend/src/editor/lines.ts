/** Lines `from` to `to` of one text that the other has from `other` on. */
export interface Run {
  from: number;
  to: number;
  other: number;
}

/** More edits than this between two texts, and what lies between their common ends counts as rewritten. */
const PATIENCE = 1500;

/** With their line ends, so that joined they are the text again. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** What two texts share, in order, by the fewest insertions and deletions (Myers, 1986). */
export function common(one: string[], two: string[]): Run[] {
  let start = 0;
  while (start < one.length && start < two.length && one[start] === two[start]) start++;
  let end = 0;
  const most = Math.min(one.length, two.length) - start;
  while (end < most && one[one.length - 1 - end] === two[two.length - 1 - end]) end++;
  const middle = walk(one.slice(start, one.length - end), two.slice(start, two.length - end));
  return joined([
    { from: 0, to: start, other: 0 },
    ...middle.map(([from, other]) => ({ from: from + start, to: from + start + 1, other: other + start })),
    { from: one.length - end, to: one.length, other: two.length - end },
  ]);
}

function joined(runs: Run[]): Run[] {
  const found: Run[] = [];
  for (const run of runs) {
    const last = found.at(-1);
    if (last && last.to === run.from && last.other + last.to - last.from === run.other) last.to = run.to;
    else if (run.to > run.from) found.push({ ...run });
  }
  return found;
}

/** The pairs of equal lines on the shortest way from one text to the other. */
function walk(one: string[], two: string[]): [number, number][] {
  const trail: Int32Array[] = [];
  let reach = new Int32Array(3);
  for (let edits = 0; edits <= Math.min(one.length + two.length, PATIENCE); edits++) {
    // Diagonal k is at index k + edits + 1: each round has one more on either side.
    const next = new Int32Array(2 * edits + 3);
    for (let k = -edits; k <= edits; k += 2) {
      let x = first(reach, edits, k);
      while (x < one.length && x - k < two.length && one[x] === two[x - k]) x++;
      next[k + edits + 1] = x;
      if (x >= one.length && x - k >= two.length) return back(trail, edits, one.length, two.length);
    }
    trail.push(next);
    reach = next;
  }
  return [];
}

/** Where the way on diagonal k begins: one step right or down from the furthest of the round before. */
function first(reach: Int32Array, edits: number, k: number): number {
  if (edits === 0) return 0;
  const at = k + edits;
  const [left, right] = [reach[at - 1] ?? 0, reach[at + 1] ?? 0];
  return k === -edits || (k !== edits && left < right) ? right : left + 1;
}

function back(trail: Int32Array[], edits: number, x: number, y: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let round = edits; round >= 0; round--) {
    const start = first(trail[round - 1] ?? new Int32Array(3), round, x - y);
    while (x > start) pairs.push([--x, --y]);
    if (round === 0) break;
    const reach = trail[round - 1] as Int32Array;
    const k = x - y;
    const at = k + round;
    if (k === -round || (k !== round && (reach[at - 1] ?? 0) < (reach[at + 1] ?? 0))) y--;
    else x--;
  }
  return pairs.reverse();
}
