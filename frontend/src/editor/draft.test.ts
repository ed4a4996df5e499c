import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Problem, type ProblemBody } from "../lib/problem.ts";
import type { Draft } from "../lib/types.ts";
import { Server } from "./draft.server.ts";
import { DraftKeeper } from "./draft.svelte.ts";
import type { KeptText } from "./kept.ts";

let server: Server;
let device: KeptText | null;
let room: boolean;
let draft: DraftKeeper;

const answer =
  (status: number, body: ProblemBody = {}) =>
  () =>
    new Problem(status, { title: "no", ...body });

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

describe("autosave", () => {
  test("starts clean, and saved when the server holds a draft", () => {
    expect(draft.phase).toBe("clean");
    server.store("mine");
    expect(open().phase).toBe("saved");
  });

  test("saves 800 ms after the last keystroke, once", async () => {
    draft.edit("two");
    await pass(700);
    draft.edit("three");
    await pass(799);
    expect(draft.phase).toBe("editing");
    expect(server.puts).toEqual([]);
    await pass(1);
    expect(server.puts).toEqual(["three"]);
    expect(draft.phase).toBe("saved");
    expect(draft.server.etag).toBe("e1");
  });

  test("what is typed while a save is on its way is saved next", async () => {
    let open = () => {};
    server.gate = new Promise((resolve) => (open = resolve));
    draft.edit("two");
    await pass(800);
    expect(draft.phase).toBe("saving");
    draft.edit("three");
    open();
    await pass(0);
    expect(draft.phase).toBe("editing");
    expect(device?.code).toBe("three");
    await pass(800);
    expect(server.puts).toEqual(["two", "three"]);
    expect(draft.phase).toBe("saved");
  });

  test("typing back to what the server has needs no save", async () => {
    draft.edit("two");
    draft.edit("one");
    expect(draft.phase).toBe("clean");
    await pass(5000);
    expect(server.puts).toEqual([]);
  });

  test("flush saves now and resolves when the server has the text", async () => {
    draft.edit("two");
    await draft.flush();
    expect(server.row.code).toBe("two");
    expect(draft.phase).toBe("saved");
  });

  test("flush of unchanged code does nothing, unless a draft must exist", async () => {
    await draft.flush();
    expect(server.puts).toEqual([]);
    await draft.flush(true);
    expect(server.puts).toEqual(["one"]);
    expect(draft.server.etag).toBe("e1");
  });
});

describe("the device's copy", () => {
  test("is there from the first keystroke until the server answered", async () => {
    draft.edit("two");
    expect(device).toMatchObject({ code: "two", base: 1, etag: "" });
    await pass(800);
    expect(device).toBeNull();
  });

  test("a full device is said, not hidden", async () => {
    room = false;
    draft.edit("two");
    expect(draft.kept).toBe(false);
    await pass(800);
    expect(draft.kept).toBe(true);
  });

  test("text the server never got is saved after a reload", async () => {
    draft.restore({ code: "lost", base: 1, etag: "" });
    await pass(0);
    expect(server.row.code).toBe("lost");
  });

  test("…but stops when the server moved on since", async () => {
    server.store("elsewhere");
    draft = open();
    draft.restore({ code: "lost", base: 1, etag: "" });
    await pass(60_000);
    expect(draft.phase).toBe("conflict");
    expect(draft.code).toBe("lost");
    expect(draft.theirs?.code).toBe("elsewhere");
    expect(server.puts).toEqual([]);
  });
});

describe("trouble", () => {
  test("offline: says so, tries again with growing waits, saves on return", async () => {
    server.fail = [() => Problem.offline(), () => Problem.offline()];
    draft.edit("two");
    await pass(800);
    expect(draft.phase).toBe("offline");
    draft.edit("three");
    expect(draft.phase).toBe("offline");
    expect(device?.code).toBe("three");
    await pass(60_000);
    expect(draft.phase).toBe("saved");
    expect(server.puts).toEqual(["two", "three", "three"]);
  });

  test("a failing server is asked again; a refusal is not", async () => {
    server.fail = [answer(503), answer(400)];
    draft.edit("two");
    await pass(800);
    expect(draft.phase).toBe("failed");
    await pass(60_000);
    expect(draft.phase).toBe("stuck");
    expect(server.puts).toHaveLength(2);
    draft.edit("three");
    await pass(800);
    expect(draft.phase).toBe("saved");
  });

  test("signed out: stops, keeps the text, goes on after retry", async () => {
    server.fail = [answer(401)];
    draft.edit("two");
    await pass(800);
    expect(draft.phase).toBe("denied");
    draft.edit("three");
    await pass(60_000);
    expect(server.puts).toEqual(["two"]);
    expect(device?.code).toBe("three");
    await draft.retry();
    expect(draft.phase).toBe("saved");
    expect(server.row.code).toBe("three");
  });

  test("retry with nothing unsaved is at rest, not forever editing", async () => {
    await draft.retry();
    expect(draft.phase).toBe("clean");
  });

  test("a new sign-in elsewhere makes our CSRF token stale: that is a sign-in matter, a role is not", async () => {
    server.fail = [answer(403, { id: "csrf" }), answer(403, { id: "forbidden" })];
    draft.edit("two");
    await pass(800);
    expect(draft.phase).toBe("denied");
    await draft.retry();
    expect(draft.phase).toBe("stuck");
  });

  test("over the limit: nothing is sent, the numbers are exact, less text is saved again", async () => {
    draft.edit("é".repeat(501));
    await pass(800);
    expect(draft.phase).toBe("large");
    expect(draft.problem?.detail).toBe("1,002 of 1,000 bytes.");
    expect(server.puts).toEqual([]);
    draft.edit("é".repeat(500));
    await pass(800);
    expect(draft.phase).toBe("saved");
  });

  test("a save whose answer was lost is recognised as ours", async () => {
    server.fail = [
      () => {
        server.store("two");
        return Problem.offline();
      },
    ];
    draft.edit("two");
    await pass(60_000);
    expect(draft.phase).toBe("saved");
    expect(draft.server.etag).toBe("e1");
  });
});

describe("conflict", () => {
  beforeEach(async () => {
    server.store("theirs");
    draft.edit("mine");
    await pass(800);
  });

  test("stops autosave and says so; edits stay here", async () => {
    expect(draft.phase).toBe("conflict");
    draft.edit("mine, more");
    await pass(60_000);
    expect(server.row.code).toBe("theirs");
    expect(server.puts).toEqual(["mine"]);
    expect(device?.code).toBe("mine, more");
    await expect(draft.flush()).rejects.toMatchObject({ status: 412 });
  });

  test("take theirs", () => {
    expect(draft.takeTheirs()).toBe("theirs");
    expect(draft.phase).toBe("saved");
    expect(draft.dirty).toBe(false);
    expect(device).toBeNull();
  });

  test("a publish that finds another draft leads here too", async () => {
    await draft.keepMine();
    draft.clash(server.store("theirs once more"));
    expect(draft.phase).toBe("conflict");
    expect(draft.code).toBe("mine");
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

describe("publish and restore", () => {
  const fresh: Draft = { code: "two", base: 2, etag: "", saved_at: null };

  test("after a publish the draft is the live code again", async () => {
    draft.edit("two");
    await draft.flush();
    draft.adopt(fresh);
    expect(draft.phase).toBe("clean");
    expect(draft.server.base).toBe(2);
  });

  test("what was typed meanwhile becomes the next draft, on the new base", async () => {
    draft.edit("two");
    await draft.flush();
    draft.edit("three");
    draft.adopt(fresh);
    expect(draft.phase).toBe("editing");
    server.row = fresh;
    await pass(800);
    expect(server.row).toMatchObject({ code: "three", base: 2 });
  });

  test("a restored version replaces untouched text", () => {
    draft.adopt({ code: "old", base: 3, etag: "", saved_at: null });
    expect(draft.code).toBe("old");
    expect(draft.phase).toBe("clean");
  });
});
