import { expect, test } from "vitest";

import { faultIn } from "./fault.ts";

const OWN = ["hello.js", "lib/add.js"];

test.each([
  [
    "a thrown error",
    "TypeError: broken\n    at add (lib/add.js:2:9)\n    at module.exports (hello.js:3:5)",
    { path: "lib/add.js", line: 2, column: 9, message: "TypeError: broken" },
  ],
  [
    "one that passed through Node first",
    "SyntaxError: Unexpected token\n    at JSON.parse (<anonymous>)\n    at hello.js:1:7",
    { path: "hello.js", line: 1, column: 7, message: "SyntaxError: Unexpected token" },
  ],
  [
    "what cannot be compiled",
    "hello.js:4\n  const = 1;\n        ^\n\nSyntaxError: Unexpected token '='\n    at wrapSafe (node:internal)",
    { path: "hello.js", line: 4, column: 0, message: "SyntaxError: Unexpected token '='" },
  ],
  [
    "an absolute path",
    "Error: x\n    at file:///webtask/lib/add.js:7:1",
    { path: "lib/add.js", line: 7, column: 1, message: "Error: x" },
  ],
])("%s", (_, stack, fault) => expect(faultIn(stack, OWN)).toEqual(fault));

test.each([
  ["another's file", "Error: x\n    at other.js:1:1"],
  ["a package's", "Error: x\n    at node_modules/p/index.js:1:1"],
  ["none at all", "broken"],
])("none in %s", (_, stack) => expect(faultIn(stack, OWN)).toBeNull());
