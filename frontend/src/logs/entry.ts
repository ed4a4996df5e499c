import type { Invocation, Level, LogLine, Tally } from "../lib/types.ts";

/** One row of the log: something written, a request that ended, requests that were counted only, or a gap. */
export type Entry =
  | { kind: "line"; key: string; time: string; level: Level; invocation: string; label: string; text: string }
  | {
      kind: "invocation" | "tally";
      key: string;
      time: string;
      invocation: string;
      label: string;
      text: string;
      ok: boolean;
    }
  | { kind: "gap"; key: string; text: string };

export function fromLine(line: LogLine): Entry {
  const { time, level, invocation, label, text } = line;
  return { kind: "line", key: `l${line.seq}`, time, level, invocation, label, text };
}

export function fromInvocation(done: Invocation): Entry {
  return {
    kind: "invocation",
    key: `i${done.id}`,
    // When it ended, so that it reads on from the lines it wrote.
    time: new Date(Date.parse(done.time) + done.ms).toISOString(),
    invocation: done.id,
    label: done.label,
    text: `${done.method} ${done.path} → ${done.status} in ${Math.round(done.ms)} ms`,
    ok: done.status < 400,
  };
}

export function fromTally(tally: Tally): Entry {
  const { id, label, seconds, requests, thinned, error_share, p50_ms, p99_ms } = tally;
  const failed = error_share > 0 ? `${percent(error_share)} failed, ` : "";
  const took = `half within ${millis(p50_ms)}, 99 % within ${millis(p99_ms)}`;
  return {
    kind: "tally",
    key: `t${id}`,
    time: new Date(Date.parse(tally.time) + seconds * 1000).toISOString(),
    invocation: "",
    label,
    text: `${count(thinned)} more, counted only (of all ${count(requests)} in ${seconds} s: ${failed}${took})`,
    ok: error_share === 0,
  };
}

function count(number: number): string {
  return number.toLocaleString("en");
}

function millis(ms: number | null): string {
  return ms === null ? "–" : `${Number(ms.toPrecision(ms < 1 ? 1 : 2))} ms`;
}

function percent(share: number): string {
  return share < 0.001 ? "less than 0.1 %" : `${Number((share * 100).toPrecision(2))} %`;
}

export function gap(dropped: number, key: string): Entry {
  const lines = dropped === 1 ? "1 line was" : `${dropped.toLocaleString("en")} lines were`;
  return { kind: "gap", key, text: `${lines} dropped here: the code wrote faster than this page can read` };
}

export interface Filter {
  text: string;
  /** The least level shown. */
  level: Level;
}

const WEIGHT: Record<Level, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** A test for the rows to show. Invocations are context: they go away only with a text or a level set. */
export function matcher(filter: Filter): (entry: Entry) => boolean {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const least = WEIGHT[filter.level];
  return (entry) => {
    if (entry.kind === "gap") return true;
    if (least > 0 && (entry.kind === "line" ? WEIGHT[entry.level] < least : entry.ok)) return false;
    if (words.length === 0) return true;
    const text = entry.text.toLowerCase();
    return words.every(
      (word) => text.includes(word) || entry.label === word || names(entry.invocation, word),
    );
  };
}

/** A digit or two would be found in nearly every id. */
function names(invocation: string, word: string): boolean {
  return word.length >= 6 && invocation.includes(word);
}
