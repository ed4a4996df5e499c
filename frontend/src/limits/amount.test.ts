import { expect, test } from "vitest";

import type { Limit } from "../lib/types.ts";
import { amount, parse, trouble, unitOf } from "./amount.ts";

const row = (unit: string, per = "", lowest = 0, ceiling = 2 ** 40): Limit => ({
  ...{ name: "x", title: "x", help: "", caller: "", default: 1, inherited: 1, own: null, value: 1 },
  ...{ unit, per, lowest, ceiling },
});

test.each([
  [row("bytes"), 128 * 1024 ** 2, "128 MiB"],
  [row("bytes", "minute"), 1.5 * 1024 ** 3, "1.5 GiB a minute"],
  [row("bytes"), 1000, "1,000 bytes"],
  [row("bytes"), 0, "0 bytes"],
  [row("ms"), 30_000, "30 s"],
  [row("ms"), 1_250, "1.25 s"],
  [row("ms"), 1_255.5, "1,255.5 ms"],
  [row("ms"), 100, "100 ms"],
  [row("lines", "second"), 1000, "1,000 lines a second"],
])("%j and %d read %s", (limit, value, words) => {
  expect(amount(limit, value)).toBe(words);
});

test("what is read can be written back in the same unit", () => {
  for (const value of [1024, 96 * 1024 ** 2, 12_345, 1]) {
    const { size } = unitOf(row("bytes"), value);
    expect(parse(String(value / size), size)).toBe(value);
  }
});

test("nothing is no value, and words are no number", () => {
  expect(parse("  ", 1024)).toBeNull();
  expect(parse("1,000", 1)).toBe(1000);
  for (const text of ["ten", "-1", "1e9", "0x10", "1.", "∞"]) expect(parse(text, 1)).toBeNaN();
});

test("what is out of bounds is told with the bounds", () => {
  const limit = row("ms", "", 100, 60_000);
  expect(trouble(limit, 99)).toBe("Write a number from 100 ms to 60 s.");
  expect(trouble(limit, NaN)).not.toBe("");
  expect(trouble(limit, 100) + trouble(limit, null)).toBe("");
});
