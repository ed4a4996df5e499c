import type { AttackResult, AttackResults, Executor, Isolation } from "../lib/types.ts";

export type Tone = "good" | "warn" | "bad" | "plain";

interface Sign {
  words: string;
  tone: Tone;
  icon: "alert" | "check" | "clear" | "error" | "shield";
}

const MODES: Record<string, string> = {
  root: "As root: a user namespace and a user id of its own for every sandbox",
  unprivileged: "As an ordinary user, in user namespaces",
  container: "In a container without the right to make namespaces: chroot, Landlock and a user id each",
  restricted: "In a container as an ordinary user: Landlock and system calls only",
};

export function mode(name: string): string {
  return MODES[name] ?? name;
}

export function standing(executor: Executor): Sign {
  if (!executor.online) return { words: "Offline", tone: "plain", icon: "clear" };
  if (executor.isolation?.serves === false) return { words: "Refuses to serve", tone: "bad", icon: "error" };
  if (!executor.ready) return { words: "Starting", tone: "warn", icon: "alert" };
  return { words: "Serving", tone: "good", icon: "check" };
}

export const LAYERS: Record<Isolation["layers"][number]["state"], Sign> = {
  active: { words: "Active", tone: "good", icon: "check" },
  weaker: { words: "Weaker", tone: "warn", icon: "alert" },
  missing: { words: "Missing", tone: "bad", icon: "error" },
};

/** "11 walls active, 1 weaker": of those states that occur. */
export function summary(isolation: Isolation): string {
  const counts = Object.entries(LAYERS).map(([state, { words }]) => {
    const count = isolation.layers.filter((layer) => layer.state === state).length;
    return count ? `${count} ${words.toLowerCase()}` : "";
  });
  return `${isolation.layers.length} walls: ${counts.filter(Boolean).join(", ")}`;
}

export function progress(run: AttackResults): Sign {
  const done = `${run.passed} held, ${run.failed} broken`;
  if (!run.finished_at)
    return { words: `Running: ${done}`, tone: run.failed ? "bad" : "plain", icon: "shield" };
  if (run.error) return { words: `Stopped: ${done}. ${run.error}`, tone: "bad", icon: "error" };
  if (run.failed) return { words: done, tone: "bad", icon: "error" };
  return { words: `All ${run.passed} attacks held`, tone: "good", icon: "check" };
}

/** A program's file name is its outcome in words. */
export function deed(name: string): string {
  return name.replace(/\.\w+$/, "").replaceAll("_", " ");
}

export interface Group {
  name: string;
  failed: number;
  /** Those of broken walls first. */
  results: AttackResult[];
}

/** By what they push at, in the order of the first of each; groups with a broken wall first. */
export function groups(results: AttackResult[]): Group[] {
  const found = new Map<string, AttackResult[]>();
  for (const result of results) found.set(result.group, [...(found.get(result.group) ?? []), result]);
  const parts = [...found].map(([name, all]) => {
    const broken = all.filter(({ passed }) => !passed);
    return { name, failed: broken.length, results: [...broken, ...all.filter(({ passed }) => passed)] };
  });
  return parts.sort((one, other) => Number(other.failed > 0) - Number(one.failed > 0));
}

export function tally({ failed, results }: Group): Sign {
  const held = `${results.length - failed} held`;
  if (failed) return { words: `${failed} broken, ${held}`, tone: "bad", icon: "error" };
  return { words: held, tone: "good", icon: "check" };
}
