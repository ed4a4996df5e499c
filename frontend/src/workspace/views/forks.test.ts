import { expect, test } from "vitest";

import type { VersionSummary } from "../../lib/types.ts";
import type { Place } from "../route.svelte.ts";
import { copyOf, sourcesOf } from "./forks.ts";

test.each([
  ["hello", "hello-copy"],
  ["app.ts", "app-copy.ts"],
  ["v1.mjs", "v1-copy.mjs"],
  ["a.b", "a.b-copy"],
  ["x".repeat(64), `${"x".repeat(59)}-copy`],
  [`${"x".repeat(61)}.ts`, `${"x".repeat(56)}-copy.ts`],
])("a copy of %s is %s", (name, copy) => {
  expect(copyOf(name)).toBe(copy);
  expect(copy.length).toBeLessThanOrEqual(64);
});

const live = { number: 3 } as VersionSummary;
const place = (more: Partial<Place> = {}): Place => ({ view: "code", version: null, against: null, ...more });
const drafts = [
  { person: { id: 1, name: "Ada" }, own: true },
  { person: { id: 2, name: "Bo" }, own: false },
];
const ids = (found: { id: string }[]) => found.map(({ id }) => id);

test("what is looked at comes first", () => {
  expect(ids(sourcesOf(place(), live, drafts))).toEqual(["live", "draft-1", "draft-2"]);
  expect(ids(sourcesOf(place({ version: 1 }), live, []))).toEqual(["v1", "live"]);
  expect(ids(sourcesOf(place({ version: 3 }), live, []))).toEqual(["live"]);
  expect(ids(sourcesOf(place({ draft: 2 }), live, drafts))).toEqual(["draft-2", "live", "draft-1"]);
  expect(sourcesOf(place(), null, [])).toEqual([]);
});
