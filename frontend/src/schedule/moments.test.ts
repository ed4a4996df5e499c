import { expect, test } from "vitest";

import { momentIn, zones } from "./moments.ts";

test.each([
  ["UTC", "Mon 30 Nov 2026, 08:05"],
  ["Europe/Oslo", "Mon 30 Nov 2026, 09:05"],
  ["Pacific/Auckland", "Mon 30 Nov 2026, 21:05"],
  ["America/Los_Angeles", "Mon 30 Nov 2026, 00:05"],
  ["Nowhere/Known", "Mon 30 Nov 2026, 08:05 UTC"],
])("in %s", (zone, words) => {
  expect(momentIn("2026-11-30T08:05:00.000Z", zone)).toBe(words);
});

test("each zone is offered once, UTC first", () => {
  const all = zones();
  expect(all[0]).toBe("UTC");
  expect(new Set(all).size).toBe(all.length);
  expect(all).toContain("Europe/Oslo");
});
