import { describe, expect, test } from "vitest";

import { entryOf } from "../lib/entry.ts";
import { ordered, textOf, withText } from "./content.ts";
import { refusal, renamed, without } from "./naming.ts";
import { kindOf, requested } from "./paths.ts";

const files = { "lib/add.js": "add", "data.json": "{}", "deep/index.ts": "" };
const content = { code: "code", files };

test.each([
  ["acme/hello", "hello.js"],
  ["acme/hello.js", "hello.js"],
  ["acme/hello.mts", "hello.mts"],
  ["acme/hello.py", "hello.py.js"],
])("the code of %s is %s", (webtask, entry) => expect(entryOf(webtask)).toBe(entry));

describe("a path", () => {
  test.each(["a.js", "lib/b.mjs", "_x/y-z.json", "README.md", "1.txt"])("%s can be one", (path) =>
    expect(refusal(path, files, "hello.js")).toBe(""),
  );

  test.each([
    ["", "Give it a name"],
    ["../up.js", "separated by slashes"],
    ["/root.js", "separated by slashes"],
    [".hidden", "separated by slashes"],
    ["a//b", "separated by slashes"],
    ["lib/", "separated by slashes"],
    ["ä.js", "separated by slashes"],
    ["a b.js", "separated by slashes"],
    ["x/".repeat(9) + "x", "separated by slashes"],
    ["x".repeat(201), "200 characters"],
    ["hello.js", "own code"],
    ["data.json", "already"],
    ["data.json/x.js", "data.json is a file"],
    ["hello.js/x.js", "hello.js is a file"],
    ["lib", "lib is a folder"],
  ])("%s cannot: %s", (path, words) => expect(refusal(path, files, "hello.js")).toContain(words));

  test("is one of a hundred at most", () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${index}.js`, ""]));
    expect(refusal("more.js", many, "hello.js")).toContain("100 files");
  });
});

test.each([
  ["a.js", "javascript"],
  ["a.cjs", "javascript"],
  ["a.mts", "typescript"],
  ["a.json", "json"],
  ["a.md", "text"],
  ["js", "text"],
])("%s is %s", (path, kind) => expect(kindOf(path)).toBe(kind));

test.each([
  ["hello.js", "./lib/add", "lib/add.js"],
  ["hello.js", "./lib/add.js", "lib/add.js"],
  ["hello.js", "./data", "data.json"],
  ["hello.js", "./deep", "deep/index.ts"],
  ["lib/add.js", "../data.json", "data.json"],
  ["lib/add.js", "..", null],
  ["hello.js", "../hello", null],
  ["hello.js", "./none", null],
])("%s asks for %s and gets %s", (from, request, found) =>
  expect(requested(from, request, ["hello.js", ...Object.keys(files)])).toBe(found),
);

test("a text is read and written by its path", () => {
  expect(textOf(content, "hello.js", "hello.js")).toBe("code");
  expect(textOf(content, "data.json", "hello.js")).toBe("{}");
  expect(textOf(content, "toString", "hello.js")).toBeUndefined();
  expect(withText(content, "hello.js", "new", "hello.js")).toEqual({ code: "new", files });
  expect(withText(content, "data.json", "[]", "hello.js").files["data.json"]).toBe("[]");
});

test("files go and take other names, and the code stays", () => {
  expect(Object.keys(without(content, "data.json").files)).toEqual(["lib/add.js", "deep/index.ts"]);
  expect(renamed(content, "data.json", "facts.json")).toEqual({
    code: "code",
    files: { "lib/add.js": "add", "facts.json": "{}", "deep/index.ts": "" },
  });
  expect(ordered(files, "hello.js")).toEqual(["hello.js", "data.json", "deep/index.ts", "lib/add.js"]);
});
