import { expect, test } from "vitest";

import { partsOf } from "./spots.ts";

const OWN = ["hello.js", "lib/add.js", "data.json"];
const spotsIn = (text: string) =>
  partsOf(text, (path) => OWN.includes(path)).flatMap((part) =>
    typeof part === "string" ? [] : [part.spot],
  );

test.each([
  ["TypeError: x\n    at f (lib/add.js:2:9)", { path: "lib/add.js", line: 2, column: 9 }],
  ["    at async hello.js:14:5", { path: "hello.js", line: 14, column: 5 }],
  ["hello.js:2\n  let let = 1;", { path: "hello.js", line: 2, column: 0 }],
  ["see hello.js:3: that is it", { path: "hello.js", line: 3, column: 0 }],
  ['"stack": "Error\\n    at g (data.json:7:1)\\n"', { path: "data.json", line: 7, column: 1 }],
])("%j leads to its line", (text, spot) => expect(spotsIn(text)).toEqual([spot]));

test.each([
  "at f (/rt/hello.js:2:9)",
  "at f (/modules/node_modules/hello.js:2:9)",
  "at node:hello.js:2:9",
  "https://example.com/hello.js:80",
  "other.js:1:2",
  "hello.js:0",
  "hello.js:12px",
  "xhello.js:1",
  "hello.js",
])("%j leads nowhere", (text) => expect(spotsIn(text)).toEqual([]));

test("joined it is the text again", () => {
  const text = "a hello.js:1:2 b lib/add.js:3 c";
  const parts = partsOf(text, () => true);
  expect(parts).toHaveLength(5);
  expect(parts.map((part) => (typeof part === "string" ? part : part.text)).join("")).toBe(text);
});

test("a megabyte of one word is read once, not from each of its letters", () => {
  expect(spotsIn(`${"a/b.c-".repeat(200_000)}:1`)).toEqual([]);
});
