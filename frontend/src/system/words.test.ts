import { expect, test } from "vitest";

import type { AttackResults, Executor, Isolation } from "../lib/types.ts";
import { deed, groups, progress, standing, summary, tally } from "./words.ts";

const layer = (state: "active" | "weaker" | "missing") => ({
  ...{ state, name: "net", keeps: "", reason: "", remedy: "", accepted: false },
});
const isolation = (serves: boolean, ...states: ("active" | "weaker" | "missing")[]): Isolation => ({
  ...{ mode: "root", serves, layers: states.map(layer), runtimes: [], kernel: [] },
});
const executor = (change: Partial<Executor>): Executor => ({
  ...{ id: 1, name: "n", online: true, ready: true, probed_at: null, isolation: isolation(true, "active") },
  ...change,
});
const run = (change: Partial<AttackResults>): AttackResults => ({
  ...{ run: "r", executor: 1, starter: "a", started_at: "", finished_at: "x", error: "" },
  ...{ passed: 3, failed: 0, results: [] },
  ...change,
});

test("how an executor stands", () => {
  expect(standing(executor({})).words).toBe("Serving");
  expect(standing(executor({ ready: false })).words).toBe("Starting");
  expect(standing(executor({ isolation: isolation(false, "missing") })).tone).toBe("bad");
  expect(standing(executor({ online: false, isolation: isolation(false) })).words).toBe("Offline");
  expect(standing(executor({ isolation: null })).words).toBe("Serving");
});

test("walls are counted by their state, and only states that occur are named", () => {
  expect(summary(isolation(true, "active", "active", "weaker"))).toBe("3 walls: 2 active, 1 weaker");
});

test("a run of attacks says how it stands", () => {
  expect(progress(run({})).words).toBe("All 3 attacks held");
  expect(progress(run({ failed: 1 })).tone).toBe("bad");
  expect(progress(run({ finished_at: null })).words).toBe("Running: 3 held, 0 broken");
  expect(progress(run({ error: "gone" })).words).toContain("gone");
});

test("attacks are grouped by what they push at, broken walls first", () => {
  const attack = (name: string, group: string, passed: boolean) => ({
    ...{ name, group, passed, language: "node", expected: "", outcome: "", ms: 1, detail: "" },
  });
  const parts = groups([
    attack("a", "memory", true),
    attack("b", "network", true),
    attack("c", "network", false),
    attack("d", "memory", true),
  ]);
  expect(parts.map(({ name, results }) => [name, results.map((result) => result.name).join("")])).toEqual([
    ["network", "cb"],
    ["memory", "ad"],
  ]);
  expect(parts.map((part) => tally(part).words)).toEqual(["1 broken, 1 held", "2 held"]);
});

test("a program's name reads as words", () => {
  expect(deed("a_32_bit_call_is_deadly.py")).toBe("a 32 bit call is deadly");
});
