import { expect, test } from "vitest";

import { compact, indented, mistake } from "./text.ts";

test.each(['{"a":1,"b":[true,null,{"c":"x: {y}, [z]"}],"d":{},"e":[]}', "[]", "{}", "12", '"a \\" b"'])(
  "%s reads as JSON.stringify writes it, and goes back",
  (text) => {
    expect(indented(text)).toBe(JSON.stringify(JSON.parse(text), null, 2));
    expect(compact(indented(text))).toBe(text);
  },
);

test("numbers keep their digits, and keys that stand twice both stay", () => {
  const text = '{"id":12345678901234567890,"x":1.0,"x":1e400}';
  expect(indented(text)).toContain("12345678901234567890");
  expect(compact(indented(text))).toBe(text);
});

test("spaces inside a string are not spaces between words", () => {
  expect(compact('{ "a b" : "c  d" }')).toBe('{"a b":"c  d"}');
});

test("what is no JSON stays as it is, and says why", () => {
  expect(indented("{a: 1}")).toBe("{a: 1}");
  expect(mistake("{a: 1}")).toMatch(/JSON/);
  expect(mistake('{"a": 1}')).toBe("");
});
