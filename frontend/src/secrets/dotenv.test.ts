import { expect, test } from "vitest";

import { parseDotenv } from "./dotenv.ts";

const values = (text: string) => Object.fromEntries(parseDotenv(text).values);

test.each([
  ["KEY=value", "value"],
  ["KEY = value  ", "value"],
  ["  export KEY=value", "value"],
  ["export\tKEY=value", "value"],
  ["KEY=", ""],
  ["KEY=   ", ""],
  ["KEY=a=b==", "a=b=="],
  ["KEY=value # comment", "value"],
  ["KEY=pass#word", "pass#word"],
  ["KEY=# comment", ""],
  ["KEY=it's", "it's"],
  ["KEY=$OTHER and ${MORE}", "$OTHER and ${MORE}"],
  ["KEY='as $it \\n # is'", "as $it \\n # is"],
  ['KEY=`it\'s "so"`', 'it\'s "so"'],
  ['KEY="two\\nlines\\tand \\"quotes\\" \\\\ \\$ \\d"', 'two\nlines\tand "quotes" \\ $ \\d'],
  ['KEY="#" # comment', "#"],
  ['KEY=""', ""],
  ["KEY='a\nb\n'", "a\nb\n"],
  ['KEY="a\r\nb"\r\n', "a\nb"],
  ["\uFEFFKEY=value", "value"],
])("%j", (text, value) => {
  expect(parseDotenv(text)).toEqual({ values: new Map([["KEY", value]]), wrong: [] });
});

test("several lines, whatever ends them, with comments and blank ones between", () => {
  const lines = ["# first", "A=1", "", "  # more", 'B="x', 'y" # end', "C=3", "A=4"];
  for (const end of ["\n", "\r\n", "\r"])
    expect(values(lines.join(end))).toEqual({ A: "4", B: "x\ny", C: "3" });
  expect([...parseDotenv(lines.join("\n")).values.keys()]).toEqual(["A", "B", "C"]);
});

test.each([
  ["just words", 1, "there is no = after a name"],
  ["A=1\nB", 2, "there is no = after a name"],
  ["=value", 1, "there is no = after a name"],
  ["1A=x", 1, "a name has letters, digits and _ . - only"],
  ["A$B=x", 1, "a name has letters, digits and _ . - only"],
  ['\nA="x" y', 2, "something follows the closing quote"],
  ["A='x'y", 1, "something follows the closing quote"],
  ['A="x\\"', 1, "the quote is not closed"],
])("%j is told by its line", (text, line, words) => {
  expect(parseDotenv(text).wrong).toEqual([{ line, words }]);
});

test("what is wrong on one line leaves the others", () => {
  const { values, wrong } = parseDotenv('A=1\nB="open\nC=3\nnonsense\n');
  expect(Object.fromEntries(values)).toEqual({ A: "1", C: "3" });
  expect(wrong.map(({ line }) => line)).toEqual([2, 4]);
});

test("a name that JavaScript knows is a name like any other", () => {
  expect([...parseDotenv("__proto__=x\nconstructor=y").values]).toEqual([
    ["__proto__", "x"],
    ["constructor", "y"],
  ]);
});

test("a file without end takes no time without end", () => {
  const text = `${'A="\n'.repeat(400)}${" ".repeat(20_000)}x`;
  expect(parseDotenv(text).wrong.length + parseDotenv(text).values.size).toBeGreaterThan(0);
});
