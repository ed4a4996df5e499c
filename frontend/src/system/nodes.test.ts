import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { SystemBoot } from "../lib/boot.ts";
import type { AttackResult, AttackRun, Executor, SecurityEvent } from "../lib/types.ts";
import { Nodes } from "./nodes.svelte.ts";

const executor = (change: Partial<Executor> = {}): Executor => ({
  ...{ id: 1, name: "n1", online: true, ready: true, probed_at: "2026-01-01T00:00:00Z", isolation: null },
  ...change,
});
const run = (change: Partial<AttackRun> = {}): AttackRun => ({
  ...{ run: "r1", executor: 1, starter: "a", started_at: "2026-01-01T00:00:00Z", finished_at: null },
  ...{ error: "", passed: 0, failed: 0 },
  ...change,
});
const result = (name: string): AttackResult => ({
  ...{ name, language: "node", group: "g", expected: "", outcome: "", passed: true, ms: 1, detail: "" },
});
const event = (id: number): SecurityEvent => ({
  ...{ id, executor: "n1", team: "acme", webtask: "hello", label: "v1", invocation: "", kind: "syscall" },
  ...{ time: "2026-01-01T00:00:00Z", what: "ptrace", text: "" },
});
const boot = (change: Partial<SystemBoot> = {}): SystemBoot => ({
  ...{ csrf: "c", executors: [executor()], runs: [], events: [], api: "/api/system" },
  ...change,
});
const names = (nodes: Nodes) => nodes.runs.get(1)?.results.map(({ name }) => name);

let answer: () => Response;
beforeEach(() => {
  vi.useFakeTimers();
  answer = () => new Response(null, { status: 202 });
  vi.stubGlobal("fetch", () => Promise.resolve(answer()));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("an executor that is told anew replaces what was known, others stay, in the order of their names", () => {
  const nodes = new Nodes(boot({ executors: [executor(), executor({ id: 2, name: "n2" })] }), "ws:");
  nodes.receive({ t: "executors", executors: [executor({ id: 3, name: "a" }), executor({ online: false })] });
  expect(nodes.executors.map(({ name, online }) => [name, online])).toEqual([
    ["a", true],
    ["n1", false],
    ["n2", true],
  ]);
});

test("results are put behind those that are there; a replay repeats none", () => {
  const nodes = new Nodes(boot(), "ws:");
  nodes.receive({ t: "attacks", run: run(), from: 0, results: [result("a"), result("b")] });
  nodes.receive({ t: "attacks", run: run(), from: 2, results: [result("c")] });
  expect(names(nodes)).toEqual(["a", "b", "c"]);
  nodes.receive({ t: "attacks", run: run(), from: 0, results: [result("a"), result("b"), result("c")] });
  expect(names(nodes)).toEqual(["a", "b", "c"]);
  nodes.receive({ t: "attacks", run: run({ run: "r2" }), from: 0, results: [] });
  expect(names(nodes)).toEqual([]);
});

test("security events come newest first, each once", () => {
  const nodes = new Nodes(boot({ events: [event(2), event(1)] }), "ws:");
  nodes.receive({ t: "events", events: [event(2), event(3), event(4)] });
  expect(nodes.events.map(({ id }) => id)).toEqual([4, 3, 2, 1]);
});

test("a probe is over when the executor has probed, and fails when it stays silent", async () => {
  const nodes = new Nodes(boot(), "ws:");
  await nodes.probe(executor());
  nodes.receive({ t: "executors", executors: [executor({ ready: false })] });
  expect(nodes.probing.has(1)).toBe(true);
  nodes.receive({ t: "executors", executors: [executor({ probed_at: "2026-01-01T00:01:00Z" })] });
  expect([nodes.probing.has(1), nodes.problems.size]).toEqual([false, 0]);
  await nodes.probe(executor());
  vi.advanceTimersByTime(60_000);
  expect([nodes.probing.has(1), nodes.problems.get(1)?.status]).toEqual([false, 504]);
});

test("what the server refuses is told beside its executor", async () => {
  answer = () => new Response('{"title": "It is under way already", "id": "busy"}', { status: 409 });
  const nodes = new Nodes(boot(), "ws:");
  await nodes.attack(executor());
  expect(nodes.problems.get(1)?.id).toBe("busy");
});

test("results that come before the answer to the start are kept", async () => {
  answer = () => new Response(JSON.stringify(run()), { status: 202 });
  const nodes = new Nodes(boot(), "ws:");
  nodes.receive({ t: "attacks", run: run(), from: 0, results: [result("early")] });
  await nodes.attack(executor());
  expect(names(nodes)).toEqual(["early"]);
});
