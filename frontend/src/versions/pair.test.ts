import { expect, test } from "vitest";

import type { VersionSummary } from "../lib/types.ts";
import { choices, pair } from "./pair.ts";

const versions = [13, 12, 11].map((number) => ({ number, live: number === 13 })) as VersionSummary[];
const words = (number: number, against: number | null = null) =>
  choices(number, against, versions).map((choice) => choice.words);

test("the older one is before the newer, whichever is on show; the draft follows all", () => {
  expect([pair(12, 9), pair(9, 12), pair(12, "draft"), pair(12, null)]).toEqual([
    [9, 12],
    [9, 12],
    [12, null],
    [12, null],
  ]);
});

test("a version is compared with any other", () => {
  expect(words(12)).toEqual(["nothing", "your draft", "v13, live", "v11, the one before"]);
  expect(words(1)).toEqual(["nothing", "your draft", "v13, live", "v12", "v11"]);
});

test("also with one that only the address knows, and with the one before of the oldest known", () => {
  expect(words(11, 3)).toEqual(["nothing", "your draft", "v13, live", "v12", "v10, the one before", "v3"]);
});
