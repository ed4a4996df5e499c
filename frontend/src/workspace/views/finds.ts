/** What the palette finds: one list of everything that can be done or gone to, and the words that narrow it. */
export interface Find {
  id: string;
  words: string;
  group: string;
  /** Shown behind the words: a key, who published a version. */
  note: string;
  act: () => void;
}

/**
 * How well `typed` names `words`, or null: 0 begins them, 1 begins one of them, 2 is within, 3 has its letters in that order.
 * Of several typed words each must be there; the worst counts.
 */
export function match(typed: string, words: string): number | null {
  const text = words.toLowerCase();
  let worst = 0;
  for (const part of typed.toLowerCase().split(/\s+/).filter(Boolean)) {
    const rank = rankOf(part, text);
    if (rank === null) return null;
    worst = Math.max(worst, rank);
  }
  return worst;
}

function rankOf(part: string, text: string): number | null {
  if (text.startsWith(part)) return 0;
  const at = text.indexOf(part);
  if (at > 0) return /[\s\-_:]/.test(text[at - 1] ?? "") ? 1 : 2;
  let from = 0;
  for (const letter of part) {
    from = text.indexOf(letter, from) + 1;
    if (from === 0) return null;
  }
  return 3;
}

/** Groups stay together; the one with the best match comes first, and within it the best. */
export function narrow(all: readonly Find[], typed: string): Find[] {
  const ranked = all.flatMap((find) => {
    const rank = match(typed, find.words);
    return rank === null ? [] : [{ find, rank }];
  });
  const best = new Map<string, number>();
  for (const { find, rank } of ranked) best.set(find.group, Math.min(rank, best.get(find.group) ?? Infinity));
  const groups = [...best.keys()].sort((one, other) => (best.get(one) ?? 0) - (best.get(other) ?? 0));
  return groups.flatMap((group) =>
    ranked
      .filter(({ find }) => find.group === group)
      .sort((one, other) => one.rank - other.rank)
      .map(({ find }) => find),
  );
}
