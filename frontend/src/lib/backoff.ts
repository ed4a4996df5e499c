const FIRST = 500;
const LONGEST = 15_000;

/** Milliseconds to wait before try number `attempt`, spread so that a restart is not met by all at once. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 10));
  return Math.round(ceiling * (0.5 + random() / 2));
}
