import { expect, test } from "vitest";

import type { RunResult } from "../../lib/types.ts";
import type { Entry } from "../../logs/entry.ts";
import { lastStack } from "./lastStack.ts";

const result = (status: number, body: object): RunResult =>
  ({
    status,
    body: JSON.stringify(body),
    body_encoding: "utf-8",
    invocation: "i1",
    headers: [],
  }) as unknown as RunResult;
const line = (text: string, invocation = "i1", level = "error"): Entry =>
  ({ kind: "line", key: text, time: "", level, invocation, label: "draft", text }) as Entry;

const STACK = "Error: late\n    at hello.js:2:1";

test("the answer tells first", () => {
  const failed = result(500, { message: "x", stack: "Error: x\n    at hello.js:1:1" });
  expect(lastStack({ result: failed }, { shown: [line(STACK)] })).toContain("hello.js:1:1");
});

test("else what the same run logged as an error, with a place", () => {
  const fine = result(200, {});
  expect(lastStack({ result: fine }, { shown: [line("no place"), line(STACK)] })).toBe(STACK);
  expect(lastStack({ result: fine }, { shown: [line(STACK, "i2"), line(STACK, "i1", "info")] })).toBe("");
  expect(lastStack({ result: null }, { shown: [line(STACK)] })).toBe("");
});
