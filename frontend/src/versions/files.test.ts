import { expect, test } from "vitest";

import { changedFiles, reverted, whereIs } from "./files.ts";

const before = { code: "one\ntwo\nthree", files: { "a.js": "a", "gone.js": "x\ny", "same.js": "s" } };
const after = { code: "one\n2\nthree\nfour", files: { "a.js": " a", "new.js": "n", "same.js": "s" } };

test("what differs, the code first, with its counts", () => {
  const told = changedFiles(before, after, "hello.js").map(
    ({ path, status, added, removed }) => `${path} ${status} +${added} -${removed}`,
  );
  expect(told).toEqual([
    "hello.js changed +2 -1",
    "a.js changed +1 -1",
    "gone.js removed +0 -2",
    "new.js added +1 -0",
  ]);
});

test("a file that differs in white space alone is none, where that does not count", () => {
  expect(changedFiles(before, after, "hello.js", true).map(({ path }) => path)).not.toContain("a.js");
});

test("to take back each file, or each hunk, gives the content before", () => {
  let content = after;
  for (const file of changedFiles(before, after, "hello.js"))
    content = reverted(content, file, "hello.js") as typeof content;
  expect(content).toEqual(before);
  const [code] = changedFiles(before, after, "hello.js");
  if (!code) throw new Error("nothing differs");
  expect(code.hunks.map(whereIs)).toEqual(["line 2", "line 4"]);
  expect(reverted(after, code, "hello.js", code.hunks[0]).code).toBe("one\ntwo\nthree\nfour");
});

test("where a hunk is, in words", () => {
  expect(whereIs({ before: 0, removed: 1, after: 0, added: 0 })).toBe("at the beginning");
  expect(whereIs({ before: 4, removed: 1, after: 4, added: 0 })).toBe("after line 4");
  expect(whereIs({ before: 4, removed: 0, after: 4, added: 2 })).toBe("lines 5 to 6");
});
