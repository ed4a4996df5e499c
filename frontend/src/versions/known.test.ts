import { expect, test } from "vitest";

import type { VersionSummary } from "../lib/types.ts";
import { KnownVersions } from "./known.svelte.ts";

function version(number: number, live = false): VersionSummary {
  const digest = String(number).repeat(8);
  const created_at = "2026-01-01T10:00:00.000Z";
  return { number, digest, author: "Bo", message: "", created_at, live, restored_from: null };
}

const shown = ({ all }: KnownVersions) =>
  all.map(({ number, live }) => (live ? `v${number} live` : `v${number}`));

test("what was published meanwhile comes before what is known, and one is live", () => {
  const known = new KnownVersions([version(2, true), version(1)]);
  expect(known.add([version(3), version(4, true)])).toBe(true);
  expect(shown(known)).toEqual(["v4 live", "v3", "v2", "v1"]);
  expect(known.live?.number).toBe(4);
});

test("what is known is no news, and nothing is drawn again", () => {
  const known = new KnownVersions([version(2, true), version(1)]);
  const before = known.all;
  expect(known.add([version(2, true)])).toBe(false);
  expect(known.add([])).toBe(false);
  expect(known.all).toBe(before);
});

test("the server's word on which is live holds, also for an older one", () => {
  const known = new KnownVersions([version(2, true), version(1)]);
  expect(known.add([version(1, true)])).toBe(true);
  expect(shown(known)).toEqual(["v2", "v1 live"]);
});

test("a page without versions hears of the first", () => {
  const known = new KnownVersions([]);
  expect(known.live).toBeNull();
  expect(known.add([version(1, true)])).toBe(true);
  expect(known.live?.number).toBe(1);
});

test("a version that comes while older ones are fetched stays", async () => {
  const asked: number[] = [];
  let answer: (older: VersionSummary[]) => void = () => {};
  const known = new KnownVersions([version(3, true), version(2)]);
  const loading = known.loadOlder((before) => {
    asked.push(before);
    return new Promise((resolve) => (answer = resolve));
  });
  known.add([version(4, true)]);
  answer([version(1)]);
  await loading;
  expect(asked).toEqual([2]);
  expect(shown(known)).toEqual(["v4 live", "v3", "v2", "v1"]);
});

test("asked twice, older versions are there once", async () => {
  const known = new KnownVersions([version(2, true)]);
  const load = () => Promise.resolve([version(1)]);
  await Promise.all([known.loadOlder(load), known.loadOlder(load)]);
  expect(shown(known)).toEqual(["v2 live", "v1"]);
});
