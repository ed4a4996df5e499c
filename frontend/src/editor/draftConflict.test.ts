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

function open(row = server.row): DraftKeeper {
  return new DraftKeeper({
    server: row,
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

const keepMine = () => draft.settle(draft.theirs?.base ?? null, () => draft.content);
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
    await draft.settle(3, () => ({ code: "merged", files: {} }));
    expect(server.row).toMatchObject({ code: "merged", base: 3 });
    expect(draft.phase).toBe("saved");
    expect(draft.content.code).toBe("merged");
    expect(device).toBeNull();
  });

  test("…and is held here when the server is away just then", async () => {
    server.fail = [() => Problem.offline()];
    await draft.settle(1, () => ({ code: "merged", files: {} }));
    expect(draft.phase).toBe("offline");
    expect(device?.code).toBe("merged");
    await pass(60_000);
    expect(server.row.code).toBe("merged");
  });

  test("…and a third text that came meanwhile stops it again", async () => {
    server.store("third");
    await draft.settle(1, () => ({ code: "merged", files: {} }));
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
    await keepMine();
    draft.clash(server.store("theirs once more"));
    expect(draft.phase).toBe("conflict");
    expect(draft.content.code).toBe("mine");
  });

  test("keep mine overwrites knowingly", async () => {
    await keepMine();
    expect(server.row.code).toBe("mine");
    expect(draft.phase).toBe("saved");
  });

  test("keep mine, but they saved once more: stops again", async () => {
    server.store("theirs again");
    await keepMine();
    expect(draft.phase).toBe("conflict");
    expect(draft.theirs?.code).toBe("theirs again");
  });
});

describe("a merge with what was published meanwhile", () => {
  test("gives the draft its new base, even when the text stays", async () => {
    draft.edit({ code: "two", files: {} });
    await draft.flush();
    await draft.settle(2, () => ({ code: "two", files: {} }));
    expect(server.row).toMatchObject({ code: "two", base: 2 });
  });

  test("waits for a save on its way, which does not know the new base", async () => {
    let open = () => {};
    server.gate = new Promise((resolve) => (open = resolve));
    draft.edit({ code: "two", files: {} });
    await pass(800);
    const settled = draft.settle(2, () => ({ code: "two, merged", files: {} }));
    open();
    await settled;
    expect(server.row).toMatchObject({ code: "two, merged", base: 2 });
    expect(draft.phase).toBe("saved");
  });
});

describe("text found on this device", () => {
  test("is saved by a page that the server made before the last save of the page before it", async () => {
    const made = server.row;
    draft.edit({ code: "two", files: {} });
    await draft.flush();
    draft.edit({ code: "three", files: {} });
    draft.close();
    draft = open(made);
    expect(draft.restore(device as Unsaved)).toBe(true);
    await pass(0);
    expect(draft.phase).toBe("saved");
    expect(server.row.code).toBe("three");
  });

  test("…and on the version that it was written on, not on the one that is live by now", async () => {
    draft = open({ ...server.row, base: 2 });
    draft.restore({ code: "lost", files: {}, base: 1, etag: "" });
    await pass(0);
    expect(server.row).toMatchObject({ code: "lost", base: 1 });
  });
});

describe("another tab leads", () => {
  test("nothing is sent any more, what is on its way is waited for", async () => {
    let open = () => {};
    server.gate = new Promise((resolve) => (open = resolve));
    draft.edit({ code: "two", files: {} });
    await pass(800);
    draft.edit({ code: "three", files: {} });
    draft.leads = false;
    const quiet = draft.quiet();
    open();
    await quiet;
    await pass(60_000);
    expect(server.puts).toEqual(["two"]);
    expect(draft.server.etag).toBe("e1");
    expect(device?.code).toBe("three");
    await expect(draft.flush()).rejects.toMatchObject({ title: "Open in another tab" });
  });

  test("taking over goes on with what was not saved", async () => {
    draft.edit({ code: "two", files: {} });
    draft.leads = false;
    await pass(60_000);
    expect(server.puts).toEqual([]);
    draft.leads = true;
    await draft.soon();
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

  const published = async () => ({ draft: (server.row = fresh) });

  test("after a publish the draft is the live code again", async () => {
    draft.edit({ code: "two", files: {} });
    await draft.flush();
    await draft.write(published);
    expect(draft.phase).toBe("clean");
    expect(draft.server.base).toBe(2);
    expect(device).toBeNull();
  });

  test("what is typed while it publishes waits, and goes on from what is live then", async () => {
    draft.edit({ code: "two", files: {} });
    await draft.flush();
    let answer = () => {};
    const publishing = draft.write(async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      return published();
    });
    await pass(0);
    draft.edit({ code: "three", files: {} });
    await pass(60_000);
    expect(server.puts).toEqual(["two"]);
    answer();
    await publishing;
    expect(device).toMatchObject({ code: "three", base: 2, etag: "" });
    await pass(800);
    expect(server.row).toMatchObject({ code: "three", base: 2 });
    expect(draft.phase).toBe("saved");
  });

  test("…also when the answer is lost: what is live then is no other's", async () => {
    draft.edit({ code: "two", files: {} });
    await draft.flush();
    const lost = draft.write(async () => {
      await published();
      throw Problem.offline();
    });
    draft.edit({ code: "three", files: {} });
    await expect(lost).rejects.toMatchObject({ status: 0 });
    await pass(60_000);
    expect(server.row).toMatchObject({ code: "three", base: 2 });
    expect(draft.phase).toBe("saved");
  });

  test("…and a publish that finds another draft is a conflict", async () => {
    draft.edit({ code: "two", files: {} });
    await draft.flush();
    const refused = draft.write(async () => {
      throw new Problem(412, { current: server.store("theirs") });
    });
    await expect(refused).rejects.toMatchObject({ status: 412 });
    expect(draft.phase).toBe("conflict");
    expect(draft.theirs?.code).toBe("theirs");
  });

  test("…and one that is refused leaves the draft as it was", async () => {
    draft.edit({ code: "two", files: {} });
    await draft.flush();
    const refused = draft.write(async () => {
      throw new Problem(409, { title: "no" });
    });
    await expect(refused).rejects.toMatchObject({ status: 409 });
    expect([draft.phase, draft.dirty]).toEqual(["saved", false]);
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
