import { expect, test } from "vitest";

import { windowOf } from "./window.ts";

const view = { top: 0, height: 220, row: 22, count: 10_000 };

test("draws what is in view and a few rows beyond", () => {
  expect(windowOf(view)).toEqual({ first: 0, last: 16 });
  expect(windowOf({ ...view, top: 2200 })).toEqual({ first: 94, last: 116 });
});

test("stays inside a short list", () => {
  expect(windowOf({ ...view, count: 3 })).toEqual({ first: 0, last: 3 });
  expect(windowOf({ ...view, count: 0 })).toEqual({ first: 0, last: 0 });
});

test("a list that shrank under the scroll position draws its end, not nothing negative", () => {
  const { first, last } = windowOf({ ...view, top: 50_000, count: 20 });
  expect(last).toBe(20);
  expect(first).toBeLessThanOrEqual(last);
});
