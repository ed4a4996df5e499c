import { expect, test } from "vitest";

import { differenceWords, settingWords } from "./words.ts";

test("what became of a value, in words", () => {
  const words = (name: string, before: string | null, after: string | null) =>
    differenceWords({ name, before, after });
  expect(words("lodash", "4.17.20", "4.17.21")).toBe("4.17.20 → 4.17.21");
  expect(words("ms", null, "2.1.3")).toBe("2.1.3, added");
  expect(words("ms", "2.1.3", null)).toBe("2.1.3, removed");
  expect(words("parse_body", "0", "1")).toBe("never → always");
  expect(words("merge_body", "1", "0")).toBe("yes → no");
  expect(words("meta note", null, "x".repeat(100))).toHaveLength(80 + 1 + ", added".length);
  expect([settingWords("host"), settingWords("meta note")]).toEqual(["Custom domain", "meta note"]);
});
