import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Problem } from "../lib/problem.ts";
import type { Draft } from "../lib/types.ts";
import { Server } from "./draft.server.ts";
import { DraftKeeper } from "./draft.svelte.ts";
import type { Unsaved } from "./kept.ts";

let server: Server;
let device: Unsaved | null;
let room: boolean;
let draft: DraftKeeper;

function open(): DraftKeeper {
  return new DraftKeeper({
    server: server.row,
    save: server.save,
    limit: 1000,
    keep: {
      put: (text) => {
        if (room) device = text;
        return room;
      },
      drop: () => (device = null),
    },
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  device = null;
  room = true;
  draft = open();
});
afterEach(() => vi.useRealTimers());

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("conflict", () => {
  beforeEach(async () => {
    server.store("theirs");
    draft.edit({ code: "mine", files: {} });
    await pass(800);
  });

  test("stops autosave and says so; edits stay here", async () => {
    expect(draft.phase).toBe("conflict");
    draft.edit({ code: "mine, more", files: {} });
    await pass(60_000);
    expect(server.row.code).toBe("theirs");
    expect(server.puts).toEqual(["mine"]);
    expect(device?.code).toBe("mine, more");
    await expect(draft.flush()).rejects.toMatchObject({ status: 412 });
  });

  test("both began from what the server had before", () => {
    expect(draft.ancestor?.code).toBe("one");
  });

  test("a merge goes over theirs, with the version it contains", async () => {
    await draft.settle({ code: "merged", files: {} }, 3);
    expect(server.row).toMatchObject({ code: "merged", base: 3 });
    expect(draft.phase).toBe("saved");
    expect(draft.content.code).toBe("merged");
    expect(device).toBeNull();
  });

  test("…and is held here when the server is away just then", async () => {
    server.fail = [() => Problem.offline()];
    await draft.settle({ code: "merged", files: {} }, 1);
    expect(draft.phase).toBe("offline");
    expect(device?.code).toBe("merged");
    await pass(60_000);
    expect(server.row.code).toBe("merged");
  });

  test("…and a third text that came meanwhile stops it again", async () => {
    server.store("third");
    await draft.settle({ code: "merged", files: {} }, 1);
    expect(draft.phase).toBe("conflict");
    expect(draft.theirs?.code).toBe("third");
    expect(draft.ancestor?.code).toBe("theirs");
  });

  test("take theirs", () => {
    expect(draft.takeTheirs().code).toBe("theirs");
    expect(draft.phase).toBe("saved");
    expect(draft.dirty).toBe(false);
    expect(device).toBeNull();
  });

  test("a publish that finds another draft leads here too", async () => {
    await draft.keepMine();
    draft.clash(server.store("theirs once more"));
    expect(draft.phase).toBe("conflict");
    expect(draft.content.code).toBe("mine");
  });

  test("keep mine overwrites knowingly", async () => {
    await draft.keepMine();
    expect(server.row.code).toBe("mine");
    expect(draft.phase).toBe("saved");
  });

  test("keep mine, but they saved once more: stops again", async () => {
    server.store("theirs again");
    await draft.keepMine();
    expect(draft.phase).toBe("conflict");
    expect(draft.theirs?.code).toBe("theirs again");
  });
});

describe("a merge with what was published meanwhile", () => {
  test("gives the draft its new base, even when the text stays", async () => {
    draft.edit({ code: "two", files: {} });
    await draft.flush();
    await draft.settle({ code: "two", files: {} }, 2);
    expect(server.row).toMatchObject({ code: "two", base: 2 });
  });

  test("waits for a save on its way, which does not know the new base", async () => {
    let open = () => {};
    server.gate = new Promise((resolve) => (open = resolve));
    draft.edit({ code: "two", files: {} });
    await pass(800);
    const settled = draft.settle({ code: "two, merged", files: {} }, 2);
    open();
    await settled;
    expect(server.row).toMatchObject({ code: "two, merged", base: 2 });
    expect(draft.phase).toBe("saved");
  });
});

describe("another tab leads", () => {
  test("nothing is sent any more, what is on its way is waited for", async () => {
    let open = () => {};
    server.gate = new Promise((resolve) => (open = resolve));
    draft.edit({ code: "two", files: {} });
    await pass(800);
    draft.edit({ code: "three", files: {} });
    const yielded = draft.yield();
    open();
    await yielded;
    await pass(60_000);
    expect(server.puts).toEqual(["two"]);
    expect(draft.server.etag).toBe("e1");
    expect(device?.code).toBe("three");
    await expect(draft.flush()).rejects.toMatchObject({ title: "Open in another tab" });
  });

  test("taking over goes on with what was not saved", async () => {
    draft.edit({ code: "two", files: {} });
    await draft.yield();
    draft.lead();
    await pass(0);
    expect(server.row.code).toBe("two");
  });

  test("each text that the server has is told", async () => {
    const told: string[] = [];
    draft.onsaved = ({ code }) => told.push(code);
    draft.edit({ code: "two", files: {} });
    await draft.flush();
    expect(told).toEqual(["two"]);
  });
});

describe("publish and restore", () => {
  const fresh: Draft = { code: "two", files: {}, base: 2, etag: "", saved_at: null };

  test("after a publish the draft is the live code again", async () => {
    draft.edit({ code: "two", files: {} });
    await draft.flush();
    draft.adopt(fresh);
    expect(draft.phase).toBe("clean");
    expect(draft.server.base).toBe(2);
  });

  test("what was typed meanwhile becomes the next draft, on the new base", async () => {
    draft.edit({ code: "two", files: {} });
    await draft.flush();
    draft.edit({ code: "three", files: {} });
    draft.adopt(fresh);
    expect(draft.phase).toBe("editing");
    server.row = fresh;
    await pass(800);
    expect(server.row).toMatchObject({ code: "three", base: 2 });
  });

  test("a restored version replaces untouched text", () => {
    draft.adopt({ code: "old", files: {}, base: 3, etag: "", saved_at: null });
    expect(draft.content.code).toBe("old");
    expect(draft.phase).toBe("clean");
  });
});
