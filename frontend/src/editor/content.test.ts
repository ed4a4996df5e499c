import { expect, test } from "vitest";

import { same, sizeOf } from "./content.ts";

const one = { code: "é", files: { "lib/a.js": "1", "b.json": "{}" } };

test("contents are the same by their texts, in whatever order their files come", () => {
  expect(same(one, { code: "é", files: { "b.json": "{}", "lib/a.js": "1" } })).toBe(true);
  expect(same(one, { ...one, code: "e" })).toBe(false);
  expect(same(one, { ...one, files: { "lib/a.js": "1" } })).toBe(false);
  expect(same(one, { ...one, files: { "lib/a.js": "1", "c.json": "{}" } })).toBe(false);
});

test("their size is that of all texts, joined by line breaks", () => {
  expect(sizeOf(one)).toBe(2 + 1 + 1 + 1 + 2);
});
