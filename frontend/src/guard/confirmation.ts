import type { Confirmed } from "../lib/types.ts";

/** What became of a change that executors must apply. */
export function confirmation(change: Confirmed): string {
  const late = change.unconfirmed.length;
  if (late) return `Saved, not yet confirmed by ${change.unconfirmed.join(", ")}: it holds there within 30 s`;
  return change.confirmed.length
    ? `In force · confirmed in ${Math.round(change.milliseconds)} ms`
    : "In force";
}
