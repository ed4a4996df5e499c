import { expect, test } from "vitest";

import { owns } from "./follow.ts";

test.each([
  ["draft", "hello.js", true],
  ["draft", "lib/add.js", true],
  ["draft", "lib/gone.js", false],
  ["v3", "hello.js", true],
  ["v3", "lib/gone.js", true],
  ["v3", "data.json", true],
  ["v3", "example.com", false],
  ["adhoc", "hello.js", false],
  ["v0", "hello.js", false],
])("%s may have %s: %s", (label, path, may) =>
  expect(owns(label, path, "hello.js", ["lib/add.js"])).toBe(may),
);
