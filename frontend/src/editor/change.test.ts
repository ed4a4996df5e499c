import { expect, test } from "vitest";

import { changeOf } from "./change.ts";

const TEXTS = [
  "",
  "\n",
  "a",
  "a\n",
  "\na",
  "a\nb\nc",
  "a\nx\nc\n",
  "a\nb\nb\nc",
  "😀\n😁\n",
  "😀\n😂\n",
  "a\r\nb\r\nc",
];

test.each(TEXTS.flatMap((before) => TEXTS.map((after) => [before, after] as const)))(
  "%j becomes %j",
  (before, after) => {
    const { start, end, text } = changeOf(before, after);
    expect(before.slice(0, start) + text + before.slice(end)).toBe(after);
    // Whole lines, so that nothing is cut within a character or a line end.
    expect(start === 0 || before[start - 1] === "\n").toBe(true);
    expect(end === before.length || before[end - 1] === "\n").toBe(true);
  },
);

test("only the lines that differ", () => {
  expect(changeOf("one\ntwo\nthree\n", "one\n2\nthree\n")).toEqual({ start: 4, end: 8, text: "2\n" });
});
