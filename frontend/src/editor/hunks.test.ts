import { expect, test } from "vitest";

import { hunks, revert } from "./hunks.ts";

const text = (letters: string) => [...letters].join("\n");

test("texts that are alike have no hunks", () => {
  expect(hunks("", "")).toEqual([]);
  expect(hunks("a\nb\n", "a\nb\n")).toEqual([]);
});

test("each place where lines differ is a hunk", () => {
  expect(hunks(text("abcdef"), text("axcdeyf"))).toEqual([
    { before: 1, removed: 1, after: 1, added: 1 },
    { before: 5, removed: 0, after: 5, added: 1 },
  ]);
  expect(hunks("", text("ab"))).toEqual([{ before: 0, removed: 0, after: 0, added: 2 }]);
  expect(hunks(text("ab"), "")).toEqual([{ before: 0, removed: 2, after: 0, added: 0 }]);
});

test("white space at the ends of lines counts, unless it is not to", () => {
  expect(hunks("a\n b\r\nc", "a\nb\nc")).toHaveLength(1);
  expect(hunks("a\n b\r\nc", "a\nb\nc", true)).toEqual([]);
});

test("a last line break is a difference that can be taken back", () => {
  const [hunk] = hunks("a\nb\n", "a\nb");
  expect(hunk && revert("a\nb\n", "a\nb", hunk)).toBe("a\nb\n");
});

test("to take all hunks back, in any order, gives the text before", () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  const word = () => Array.from({ length: random(12) }, () => "abc"[random(3)]).join("");
  for (let round = 0; round < 500; round++) {
    const before = text(word());
    let after = text(word());
    for (let left = hunks(before, after); left.length > 0; left = hunks(before, after)) {
      const chosen = left[random(left.length)];
      if (!chosen) break;
      const next = revert(before, after, chosen);
      expect(hunks(before, next).length).toBeLessThan(left.length);
      after = next;
    }
    expect(after).toBe(before);
  }
});

test("the counts are the fewest that there are", () => {
  const found = hunks(text("abcabba"), text("cbabac"));
  expect(found.reduce((sum, { added, removed }) => sum + added + removed, 0)).toBe(5);
});

test("texts that have nothing in common are one hunk, and soon", () => {
  const [one, other] = ["a", "b"].map((side) =>
    Array.from({ length: 20_000 }, (_, line) => `${side}${line}`).join("\n"),
  ) as [string, string];
  expect(hunks(one, other)).toEqual([{ before: 0, removed: 20_000, after: 0, added: 20_000 }]);
});
