import { beforeEach, expect, test } from "vitest";

import { DeviceKeep } from "./kept.ts";

/** localStorage with room for `room` characters. */
class Store {
  room = Infinity;
  readonly items = new Map<string, string>();

  get length() {
    return this.items.size;
  }
  key = (index: number) => [...this.items.keys()][index] ?? null;
  getItem = (key: string) => this.items.get(key) ?? null;
  removeItem = (key: string) => void this.items.delete(key);
  setItem = (key: string, value: string) => {
    if (value.length > this.room) throw new DOMException("full", "QuotaExceededError");
    this.items.set(key, value);
  };
}

let store: Store;
const keep = (tab: string, webtask = "acme/hello") => new DeviceKeep(store, webtask, tab);
const text = (code: string, at = "2026-01-01T10:00:00Z") => ({ code, base: 1, etag: "e1", at });
const nobody = () => false;

beforeEach(() => (store = new Store()));

test("what a tab kept is found again after its reload", () => {
  keep("a").put(text("typed"));
  expect(keep("a").recover(() => true)).toEqual(text("typed"));
  keep("a").drop();
  expect(keep("a").recover(nobody)).toBeNull();
});

test("the newest text of the tabs that are gone is found, not that of one still open", () => {
  keep("a").put(text("old", "2026-01-01T10:00:00Z"));
  keep("b").put(text("new", "2026-01-01T11:00:00Z"));
  keep("c").put(text("open elsewhere", "2026-01-01T12:00:00Z"));
  expect(keep("d").recover((tab) => tab === "c")?.code).toBe("new");
  keep("d").dropDead((tab) => tab === "c");
  expect([...store.items.keys()]).toEqual(["webtasks:kept:acme/hello:c"]);
});

test("one webtask's text never comes up in another", () => {
  keep("a", "acme/hello").put(text("hello"));
  expect(keep("b", "acme/other").recover(nobody)).toBeNull();
  expect(keep("b", "acme/hell").recover(nobody)).toBeNull();
});

test("a full device is told to the caller", () => {
  store.room = 10;
  expect(keep("a").put(text("too long for it"))).toBe(false);
});

test("a damaged entry is removed, not shown", () => {
  store.items.set("webtasks:kept:acme/hello:x", "{half");
  expect(keep("a").recover(nobody)).toBeNull();
  expect(store.items.size).toBe(0);
});
