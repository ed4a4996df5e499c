import { expect, test } from "vitest";

import type { Level, LogLine } from "../lib/types.ts";
import { type Entry, fromInvocation, fromLine, fromTally, gap, matcher } from "./entry.ts";

function line(level: Level, text: string, invocation = "a1"): Entry {
  const at: LogLine = { seq: 1, time: "2026-01-01T10:00:00.000Z", level, invocation, label: "v3", text };
  return fromLine(at);
}

const invocation = (status: number) =>
  fromInvocation({
    id: "a1",
    label: "v3",
    method: "GET",
    path: "/x",
    status,
    ms: 11.7,
    time: "2026-01-01T10:00:00.000Z",
  });

test("an invocation reads like an access log", () => {
  expect(invocation(200)).toMatchObject({
    text: "GET /x → 200 in 12 ms",
    time: "2026-01-01T10:00:00.011Z",
    ok: true,
  });
  expect(invocation(500)).toMatchObject({ ok: false });
});

const tally = (error_share: number) =>
  fromTally({
    id: 7,
    time: "2026-01-01T10:00:00.000Z",
    seconds: 10,
    label: "v3",
    requests: 1734,
    thinned: 1234,
    statuses: {},
    error_share,
    mean_ms: 2,
    p50_ms: 2.24,
    p99_ms: 11.2,
    max_ms: 30.5,
  });

test("requests that were counted only are one row, where their time ends", () => {
  expect(tally(0)).toMatchObject({
    kind: "tally",
    time: "2026-01-01T10:00:10.000Z",
    text: "1,234 more, counted only (of all 1,734 in 10 s: half within 2.2 ms, 99 % within 11 ms)",
    ok: true,
  });
  expect(tally(0.0123)).toMatchObject({ text: expect.stringContaining("1.2 % failed"), ok: false });
  expect(tally(0.0001)).toMatchObject({ text: expect.stringContaining("less than 0.1 % failed") });
});

test("no filter shows everything", () => {
  const show = matcher({ text: "", level: "debug" });
  expect([line("debug", "x"), invocation(200), gap(3, "g")].every(show)).toBe(true);
});

test("a level hides what is lesser, and requests that went well", () => {
  const show = matcher({ text: "", level: "warn" });
  expect([line("info", "x"), invocation(200), tally(0)].some(show)).toBe(false);
  expect([line("warn", "x"), line("error", "x"), invocation(502), tally(0.5)].every(show)).toBe(true);
});

test("every word must be found, in text, invocation id or version", () => {
  const show = matcher({ text: "PAID v3", level: "debug" });
  expect(show(line("info", "order paid"))).toBe(true);
  expect(show(line("info", "order shipped"))).toBe(false);
  expect(matcher({ text: "311747", level: "debug" })(line("info", "x", "1795.311747"))).toBe(true);
  expect(matcher({ text: "paid 3", level: "debug" })(line("info", "order paid", "1795.311747"))).toBe(false);
});

test("a gap is never filtered away: it says that something is missing", () => {
  expect(matcher({ text: "zzz", level: "error" })(gap(1204, "g"))).toBe(true);
  expect(gap(1204, "g")).toMatchObject({ text: expect.stringContaining("1,204 lines were dropped") });
});
