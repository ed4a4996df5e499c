import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { type Here, Presence } from "./presence.svelte.ts";

let said: Here[];
let presence: Presence;

const here = (editing: boolean, line: number | null, file: string | null = null): Here => ({
  t: "here",
  topic: "webtask:a/b",
  editing,
  line,
  file,
});
const bo = (editing: boolean) => ({ id: 2, name: "Bo", editing, line: editing ? 1 : null, file: null });

beforeEach(() => {
  vi.useFakeTimers();
  said = [];
  presence = new Presence("webtask:a/b", (message) => said.push(message));
});
afterEach(() => vi.useRealTimers());

test("a new connection begins by saying how it is", () => {
  expect(presence.greet()).toEqual(here(false, null));
});

test("the place of the cursor is told of whoever types, at most every two seconds", () => {
  presence.greet();
  presence.at(3, null);
  vi.advanceTimersByTime(5_000);
  expect(said).toEqual([]);
  presence.typed();
  vi.advanceTimersByTime(0);
  expect(said).toEqual([here(true, 3)]);
  for (let line = 4; line < 20; line++) {
    presence.at(line, null);
    presence.typed();
    vi.advanceTimersByTime(100);
  }
  expect(said).toHaveLength(1);
  vi.advanceTimersByTime(2_000);
  expect(said.slice(1)).toEqual([here(true, 19)]);
});

test("of whoever types it is told in which file", () => {
  presence.at(1, "lib/add.js");
  expect(presence.greet()).toEqual(here(false, null));
  presence.typed();
  vi.advanceTimersByTime(2_000);
  presence.at(1, null);
  vi.advanceTimersByTime(2_000);
  expect(said).toEqual([here(true, 1, "lib/add.js"), here(true, 1)]);
});

test("who stopped typing is looking", () => {
  presence.typed();
  vi.advanceTimersByTime(0);
  vi.advanceTimersByTime(16_000);
  expect(said.at(-1)).toEqual(here(false, null));
});

test("what stays as it was is said once", () => {
  presence.at(1, null);
  presence.typed();
  vi.advanceTimersByTime(3_000);
  presence.typed();
  vi.advanceTimersByTime(3_000);
  expect(said).toHaveLength(1);
});

test("a screen reader hears of somebody once for each time they come", () => {
  presence.hear([bo(false)]);
  expect(presence.news).toBe("");
  presence.hear([bo(true)]);
  expect(presence.news).toBe("Bo is editing");
  presence.news = "";
  presence.hear([bo(false)]);
  presence.hear([bo(true)]);
  expect(presence.news).toBe("");
  presence.hear([]);
  presence.hear([bo(true)]);
  expect(presence.news).toBe("Bo is editing");
});
