import { expect, test } from "vitest";

import { actionOf } from "./keys.ts";

const press = (key: string, held: string[] = []) =>
  actionOf({
    key,
    ctrlKey: held.includes("ctrl"),
    metaKey: held.includes("meta"),
    shiftKey: held.includes("shift"),
    altKey: held.includes("alt"),
  });

test.each([
  ["Enter", ["ctrl"], "run"],
  ["Enter", ["meta"], "run"],
  ["Enter", ["ctrl", "shift"], "publish"],
  ["s", ["ctrl"], "save"],
  ["J", ["ctrl"], "drawer"],
  ["F6", [], "next-region"],
  ["F6", ["shift"], "previous-region"],
])("%s with %j is %s", (key, held, action) => expect(press(key, held)).toBe(action));

test.each(["r", "t", "w", "n", "l"])("Ctrl+%s stays the browser's", (key) => {
  expect(press(key, ["ctrl"])).toBeNull();
  expect(press(key, ["ctrl", "shift"])).toBeNull();
});

test("Alt and bare keys are left alone: they type letters", () => {
  expect(press("Enter", ["ctrl", "alt"])).toBeNull();
  expect(press("s")).toBeNull();
});
