interface View {
  top: number;
  height: number;
  row: number;
  count: number;
}

const SPARE = 6;

/** Which rows of equal height are drawn: those in view and a few beyond, never more than exist. */
export function windowOf({ top, height, row, count }: View): { first: number; last: number } {
  const first = Math.min(Math.max(0, Math.floor(top / row) - SPARE), count);
  const last = Math.min(count, Math.ceil((top + height) / row) + SPARE);
  return { first: Math.min(first, last), last };
}
