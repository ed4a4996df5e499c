import { expect, test } from "vitest";

import { type Find, match, narrow } from "./finds.ts";

test.each([
  ["", "Publish", 0],
  ["pub", "Publish", 0],
  ["draft", "Save the draft now", 1],
  ["lish", "Publish", 2],
  ["svd", "Save the draft now", 3],
  ["draft save", "Save the draft now", 1],
  ["draft x", "Save the draft now", null],
  ["zz", "Publish", null],
])("%j names %j: %s", (typed, words, rank) => expect(match(typed, words)).toBe(rank));

const find = (group: string, words: string): Find => ({ id: words, words, group, note: "", act: () => {} });
const all = [
  find("Commands", "Run"),
  find("Commands", "Turn"),
  find("Views", "Versions"),
  find("Webtasks", "rune"),
];

test("nothing typed is everything, in its order", () => expect(narrow(all, "")).toEqual(all));

test("the group with the best match comes first, and stays together", () => {
  const names = (typed: string) => narrow(all, typed).map(({ words }) => words);
  expect(names("run")).toEqual(["Run", "rune"]);
  expect(names("rune")).toEqual(["rune"]);
  expect(names("rn")).toEqual(["Turn", "Run", "Versions", "rune"]);
  expect(names("versions")).toEqual(["Versions"]);
  expect(names("urn")).toEqual(["Turn"]);
});
