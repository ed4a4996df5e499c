import { expect, test } from "vitest";

import { draftWords } from "./draftWords.ts";

test("nothing but an acknowledged text is called saved", () => {
  const phases = ["editing", "saving", "offline", "failed", "stuck", "denied", "large", "conflict"] as const;
  for (const phase of phases) {
    expect(draftWords(phase, "2026-01-01T10:42:00", true).words).not.toMatch(/^(Draft )?saved/i);
  }
  expect(draftWords("clean", null, true)).toEqual({ words: "Saved", tone: "good" });
  expect(draftWords("saved", "2026-01-01T10:42:00", true).words).toBe("Draft saved 10:42");
});

test("it is told where unsaved text is held", () => {
  expect(draftWords("offline", null, true).words).toBe("Offline – kept on this device");
  expect(draftWords("offline", null, false).words).toBe("Offline – held by this page only");
});
