import { describe, expect, test } from "vitest";

import { packageOf, requestsIn, secretsIn } from "./mentions.ts";

const names = (found: { name: string }[]) => found.map(({ name }) => name);

describe("secrets", () => {
  test.each([
    ["ctx.secrets.API_KEY", ["API_KEY"]],
    ["ctx.secrets?.A + context.secrets . B", ["A", "B"]],
    ["module.webtask.secrets['with-dash']", ["with-dash"]],
    ['ctx.secrets["A"]', ["A"]],
    ["const { A, B: b, C = 1, ...rest } = ctx.secrets;", ["A", "B", "C"]],
    ["const { A } = ctx.secrets.OTHER", ["OTHER"]],
    ["// ctx.secrets.A\n/* ctx.secrets.B */", []],
    ["'// no comment' + ctx.secrets.A", ["A"]],
    ["ctx.secrets[name]; ctx.secret.X; secrets", []],
  ])("%s", (code, found) => expect(names(secretsIn(code))).toEqual(found));

  test("stand where they are said", () => {
    const code = "/* é */ const { A } = ctx.secrets; ctx.secrets.B";
    for (const { name, start, end } of secretsIn(code)) expect(code.slice(start, end)).toBe(name);
  });
});

describe("requests", () => {
  test.each([
    ["require('a'); require( \"./b\" )", ["a", "./b"]],
    ["import x from 'a';\nimport 'b';\nexport * from \"c\"", ["a", "b", "c"]],
    ["await import('a')", ["a"]],
    ["// require('a')", []],
    ["require(name); requires('a')", []],
  ])("%s", (code, found) => expect(names(requestsIn(code))).toEqual(found));

  test.each([
    ["lodash", "lodash"],
    ["lodash/fp", "lodash"],
    ["@scope/name/file", "@scope/name"],
    ["lodash@4.17.21", "lodash@4.17.21"],
    ["./x", null],
    ["/x", null],
    ["node:fs", null],
    ["https://example.com/x", null],
    ["@scope", null],
  ])("%s is of %s", (request, name) => expect(packageOf(request)).toBe(name));
});

test("a text without end takes no time without end", () => {
  const text = "/*".repeat(20_000) + "'".repeat(20_000) + "{".repeat(20_000);
  expect(secretsIn(text)).toEqual([]);
});
