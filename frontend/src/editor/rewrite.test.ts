import { expect, test } from "vitest";

import { rewriteFor, stillSays } from "./rewrite.ts";

const ENTRY = "hello.js";

function after(from: string, to: string, code: string, files: Record<string, string>) {
  return rewriteFor({ code, files }, { from, to }, ENTRY);
}

test.each([
  ["lib/add.js", "sum.js", 'require("./lib/add")', 'require("./sum")'],
  ["lib/add.js", "sum.js", 'require("./lib/add.js")', 'require("./sum.js")'],
  ["lib/add.js", "sum.mjs", "import add from './lib/add.js'", "import add from './sum.mjs'"],
  ["lib/add.js", "lib/more/add.js", 'await import("./lib/../lib/add")', 'await import("./lib/more/add")'],
  ["lib/index.js", "lib/main.js", 'require("./lib")', 'require("./lib/main")'],
  ["lib/add.js", "lib/index.js", 'require("./lib/add")', 'require("./lib")'],
  ["data.json", "facts.txt", 'require("./data")', 'require("./facts.txt")'],
])("%s to %s: %s", (from, to, code, expected) =>
  expect(after(from, to, code, { [to]: "" })?.content.code).toBe(expected),
);

test("an ending stays where another file would be meant without it", () => {
  const files = { "sum.js": "", "sum.mjs": "" };
  expect(after("add.mjs", "sum.mjs", 'require("./add")', files)?.content.code).toBe('require("./sum.mjs")');
});

test("what the moved file loads itself is found from its new folder", () => {
  const found = after("lib/add.js", "sum.js", "", {
    "sum.js": 'require("./deep/one"); require("../hello"); require("lodash"); require("./nothing");',
    "lib/deep/one.js": 'require("../add")',
  });
  expect(found?.paths).toEqual(["lib/deep/one.js", "sum.js"]);
  expect(found?.content.files).toEqual({
    "sum.js": 'require("./lib/deep/one"); require("./hello"); require("lodash"); require("./nothing");',
    "lib/deep/one.js": 'require("../../sum")',
  });
});

test.each([
  ["says nothing of it", 'require("./other")', { "sum.js": "", "other.js": "" }],
  ["says so in a comment", '// require("./add")', { "sum.js": "" }],
  ["is rewritten already", 'require("./sum")', { "sum.js": "" }],
  ["has a new file of the old name", 'require("./add")', { "sum.js": "", "add.js": "" }],
  ["has neither", 'require("./add")', {}],
])("nothing is to be done where the code %s", (_, code, files) =>
  expect(after("add.js", "sum.js", code, files as Record<string, string>)).toBeNull(),
);

test("it is said in words", () => {
  const content = { code: "", files: {} };
  const rename = { from: "lib/add.js", to: "sum.js" };
  expect(stillSays(rename, { paths: ["hello.js"], content })).toBe("hello.js still loads lib/add.js.");
  expect(stillSays(rename, { paths: ["hello.js", "b.js", "sum.js"], content })).toBe(
    "hello.js, b.js still load lib/add.js. sum.js still loads other files as from lib.",
  );
});
