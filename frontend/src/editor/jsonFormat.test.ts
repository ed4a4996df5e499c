import { expect, test } from "vitest";

import { formatted, mistakeIn } from "./jsonFormat.ts";

test("every value stays as it is written", () => {
  expect(formatted('{"a":12345678901234567890,"b":[1e400,{}],"c":[ ],"d":"{x: [\\"1\\"]}"}')).toBe(
    '{\n  "a": 12345678901234567890,\n  "b": [\n    1e400,\n    {}\n  ],\n  "c": [],\n  "d": "{x: [\\"1\\"]}"\n}\n',
  );
  expect(formatted("true")).toBe("true\n");
  expect(formatted('["["]')).toBe('[\n  "["\n]\n');
});

test("what is formatted stays so", () => {
  const once = formatted('{"a":[1,{"b":null}]}') ?? "";
  expect(formatted(once)).toBe(once);
});

test.each(["", "{", "{a: 1}", "[1,]"])("%j is no JSON, and stays", (text) => {
  expect(formatted(text)).toBeNull();
  expect(mistakeIn(text)).not.toBeNull();
});

test("a mistake is told with its place", () => {
  expect(mistakeIn('{"a": x}')).toEqual({ message: "Unexpected token 'x'", at: 6 });
  expect(mistakeIn('{"a": true,\n "b": tru}')?.at).toBe(21);
  expect(mistakeIn('{"a" 1}')?.at).toBe(5);
  expect(mistakeIn('{"a": 1')?.at).toBe(7);
  expect(mistakeIn('{"a": 1}')).toBeNull();
});
