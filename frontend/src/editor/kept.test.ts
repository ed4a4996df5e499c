import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Copies } from "./copies.ts";
import type { Kind, Shelf } from "./device.ts";
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

/** IndexedDB, whose writes are done when `gate` opens. */
class Rows implements Shelf {
  gate: Promise<void> = Promise.resolve();
  writes = 0;
  readonly items = new Map<string, object>();

  async put(kind: Kind, key: string, row: object) {
    this.writes++;
    await this.gate;
    this.items.set(`${kind} ${key}`, structuredClone(row));
  }
  async delete(kind: Kind, key: string) {
    this.items.delete(`${kind} ${key}`);
  }
  async rows<Row>(kind: Kind, prefix: string) {
    const found = [...this.items].filter(([key]) => key.startsWith(`${kind} ${prefix}`));
    return found.sort().map(([key, row]): [string, Row] => [key.slice(kind.length + 1), row as Row]);
  }
}

let store: Store;
let rows: Rows;
const keep = (tab: string, webtask = "acme/hello", shelf: Shelf | null = rows) =>
  new DeviceKeep(store, shelf, webtask, tab);
const text = (code: string) => ({ code, files: {}, base: 1, etag: "e1" });
const nobody = () => false;
const silent = () => {};
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-01-01T10:00:00Z") });
  store = new Store();
  rows = new Rows();
});
afterEach(() => vi.useRealTimers());

test("what a tab kept is found again after its reload", async () => {
  keep("a").put(text("typed"), silent);
  expect(await keep("a").left(() => true)).toMatchObject([text("typed")]);
  keep("a").drop();
  await settled();
  expect(await keep("a").left(nobody)).toEqual([]);
});

test("texts of the tabs that are gone are found, the newest first, not that of one still open", async () => {
  for (const [tab, code] of Object.entries({ a: "old", b: "new", c: "open elsewhere" })) {
    keep(tab).put(text(code), silent);
    await vi.advanceTimersByTimeAsync(1000);
  }
  const left = await keep("d").left((tab) => tab === "c");
  expect(left.map(({ code }) => code)).toEqual(["new", "old"]);
  await keep("d").dropDead((tab) => tab === "c");
  expect([...store.items.keys()]).toEqual(["webtasks:kept:acme/hello:c"]);
  expect(await keep("d").tabs()).toEqual(["c"]);
  expect((await keep("d").left(nobody))[0]?.code).toBe("open elsewhere");
});

test("what is dropped while the page may be ending stays until the next one is sure to be newer", async () => {
  const one = keep("a");
  one.put(text("typed"), silent);
  one.hold();
  one.drop();
  await vi.advanceTimersByTimeAsync(9_000);
  expect(await keep("b").left(nobody)).toMatchObject([text("typed")]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await keep("b").left(nobody)).toEqual([]);
});

test("…but not what is typed after that", async () => {
  const one = keep("a");
  one.put(text("typed"), silent);
  one.hold();
  one.drop();
  one.put(text("typed, and more"), silent);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await keep("b").left(nobody)).toMatchObject([text("typed, and more")]);
});

test("one webtask's text never comes up in another", async () => {
  keep("a", "acme/hello").put(text("hello"), silent);
  await settled();
  expect(await keep("b", "acme/other").left(nobody)).toEqual([]);
  expect(await keep("b", "acme/hell").left(nobody)).toEqual([]);
});

test("a damaged entry is removed, not shown", async () => {
  store.items.set("webtasks:kept:acme/hello:x", "{half");
  expect(await keep("a").left(nobody)).toEqual([]);
  expect(store.items.size).toBe(0);
});

describe("in two places", () => {
  test("a page that dies while its write is on its way: localStorage has it", async () => {
    rows.gate = new Promise(() => {});
    keep("a").put(text("typed"), silent);
    expect((await keep("b").left(nobody))[0]?.code).toBe("typed");
  });

  test("a browser that dies forgets the last seconds of localStorage: IndexedDB has them", async () => {
    keep("a").put(text("typed"), silent);
    await settled();
    store.items.clear();
    expect((await keep("b").left(nobody))[0]?.code).toBe("typed");
  });

  test("…and what it forgot to forget is not taken for unsaved", async () => {
    const one = keep("a");
    one.put(text("typed"), silent);
    const before = new Map(store.items);
    one.drop();
    await settled();
    before.forEach((value, key) => store.items.set(key, value));
    expect(await keep("b").left(nobody)).toEqual([]);
    await keep("b").dropDead(nobody);
    before.forEach((value, key) => store.items.set(key, value));
    expect(await keep("b").left(nobody)).toEqual([]);
  });

  test("localStorage is full: said at first, taken back when IndexedDB has it", async () => {
    store.room = 10;
    const later = vi.fn();
    expect(keep("a").put(text("too long for it"), later)).toBe(false);
    expect(later).not.toHaveBeenCalled();
    await settled();
    expect(later).toHaveBeenCalledOnce();
    expect((await keep("b").left(nobody))[0]?.code).toBe("too long for it");
  });

  test("a full localStorage keeps no older text than IndexedDB", async () => {
    const one = keep("a");
    one.put(text("short"), silent);
    store.room = 10;
    one.put(text("short and more"), silent);
    await settled();
    expect((await keep("b").left(nobody))[0]?.code).toBe("short and more");
  });

  test("of a page that is open its own is not what a tab left", async () => {
    const one = keep("a");
    one.put(text("typed here"), silent);
    keep("b").put(text("typed there"), silent);
    await settled();
    expect((await one.left(nobody, false)).map(({ code }) => code)).toEqual(["typed there"]);
    expect(await one.left(nobody)).toHaveLength(2);
  });

  test("without IndexedDB localStorage does alone", async () => {
    keep("a", "acme/hello", null).put(text("typed"), silent);
    expect((await keep("b", "acme/hello", null).left(nobody))[0]?.code).toBe("typed");
  });

  test("of what is typed faster than it is written, the last is", async () => {
    let open = silent;
    rows.gate = new Promise((resolve) => (open = resolve));
    const one = keep("a");
    for (let count = 1; count <= 50; count++) one.put(text(`typed ${count}`), silent);
    open();
    await settled();
    expect(rows.writes).toBe(5);
    store.items.clear();
    expect((await keep("b").left(nobody))[0]?.code).toBe("typed 50");
  });
});

describe("copies", () => {
  test("newest first, each its own, of one webtask", async () => {
    const copies = new Copies(rows, "acme/hello");
    await copies.put("first", text("one"));
    await vi.advanceTimersByTimeAsync(1000);
    await copies.put("second", text("two"));
    await new Copies(rows, "acme/other").put("third", text("three"));
    const [newest, oldest] = await copies.list();
    expect([newest?.code, oldest?.code]).toEqual(["two", "one"]);
    await copies.delete(newest?.key ?? "");
    expect((await copies.list()).map(({ why }) => why)).toEqual(["first"]);
  });

  test("a device without room says so, before anything is given up", async () => {
    await expect(new Copies(null, "acme/hello").put("why", text("one"))).rejects.toMatchObject({
      title: "This device has no room for a copy",
    });
  });
});
