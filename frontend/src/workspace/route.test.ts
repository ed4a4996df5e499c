import { expect, test, vi } from "vitest";

vi.stubGlobal("location", { search: "", pathname: "/t/acme/hello" });
const { parse, print } = await import("./route.svelte.ts");

test.each([
  "",
  "?view=changes",
  "?view=versions",
  "?view=versions&version=3",
  "?view=versions&version=3&against=draft",
  "?view=versions&version=3&against=2",
  "?view=versions&version=3&file=lib%2Fadd.js&line=14",
  "?view=secrets",
  "?view=storage",
  "?view=schedule",
  "?view=modules",
  "?view=settings",
  "?view=drafts",
  "?view=drafts&draft=7",
])("%j survives reading and printing", (search) => {
  expect(print(parse(search))).toBe(search);
});

test.each(["?version=0", "?version=-1", "?version=1.5", "?version=x", "?view=other", "?against=draft"])(
  "%s is the draft",
  (search) => {
    expect(parse(search)).toEqual({ view: "code", version: null, against: null });
  },
);

test.each([
  ["?version=3", "?view=versions&version=3"],
  ["?draft=7", "?view=drafts&draft=7"],
  ["?version=3&view=changes", "?view=versions&version=3&against=draft"],
  ["?view=versions&version=3&against=0", "?view=versions&version=3"],
])("an older link %s leads to %s", (older, now) => {
  expect(print(parse(older))).toBe(now);
});
