import { expect, test } from "vitest";

import { age, bytes, byteLength, milliseconds, until } from "./format.ts";

const now = Date.parse("2026-06-15T12:00:00Z");
const ago = (seconds: number) => age(new Date(now - seconds * 1000).toISOString(), now);

test("ages read as people say them", () => {
  expect([0, 44, 60, 3500, 3600, 7300, 86_400, 10 * 86_400].map(ago)).toEqual([
    "just now",
    "just now",
    "1 min ago",
    "58 min ago",
    "1 hour ago",
    "2 hours ago",
    "1 day ago",
    "10 days ago",
  ]);
  expect(ago(-30)).toBe("just now"); // a clock that runs ahead
  expect(ago(90 * 86_400)).toMatch(/2026/);
});

test("a moment ahead is told by the day it is on here", () => {
  const here = new Date(2026, 5, 15, 12, 0).getTime();
  expect(until(new Date(2026, 5, 15, 20, 15).toISOString(), here)).toBe("20:15");
  expect(until(new Date(2026, 5, 16, 11, 59).toISOString(), here)).toBe("11:59 tomorrow");
});

test("sizes and times keep their digits that matter", () => {
  expect([0, 1023, 1024, 1536, 5 * 1024 * 1024].map(bytes)).toEqual([
    "0 B",
    "1023 B",
    "1 KB",
    "1.5 KB",
    "5 MB",
  ]);
  expect([0.42, 9.96, 12.4, 999, 1500].map(milliseconds)).toEqual([
    "0.4 ms",
    "10 ms",
    "12 ms",
    "999 ms",
    "1.5 s",
  ]);
  expect(byteLength("é€")).toBe(5);
});
