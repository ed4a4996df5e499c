import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Problem, type ProblemBody } from "../lib/problem.ts";
import { Server } from "./draft.server.ts";
import { DraftKeeper } from "./draft.svelte.ts";
import type { Unsaved } from "./kept.ts";

let server: Server;
let device: Unsaved | null;
let room: boolean;
let draft: DraftKeeper;
let later: () => void;

const savedButNotAnswered = () => {
  server.store("two");
  return Problem.offline();
};

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
      put: (text, done) => {
        later = done;
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
    draft.edit({ code: "two", files: {} });
    await pass(700);
    draft.edit({ code: "three", files: {} });
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
    draft.edit({ code: "two", files: {} });
    await pass(800);
    expect(draft.phase).toBe("saving");
    draft.edit({ code: "three", files: {} });
    open();
    await pass(0);
    expect(draft.phase).toBe("editing");
    expect(device?.code).toBe("three");
    await pass(800);
    expect(server.puts).toEqual(["two", "three"]);
    expect(draft.phase).toBe("saved");
  });

  test("typing back to what the server has needs no save", async () => {
    draft.edit({ code: "two", files: {} });
    draft.edit({ code: "one", files: {} });
    expect(draft.phase).toBe("clean");
    await pass(5000);
    expect(server.puts).toEqual([]);
  });

  test("flush saves now and resolves when the server has the text", async () => {
    draft.edit({ code: "two", files: {} });
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
    draft.edit({ code: "two", files: {} });
    expect(device).toMatchObject({ code: "two", base: 1, etag: "" });
    await pass(800);
    expect(device).toBeNull();
  });

  test("a full device is said, not hidden", async () => {
    room = false;
    draft.edit({ code: "two", files: {} });
    expect(draft.kept).toBe(false);
    await pass(800);
    expect(draft.kept).toBe(true);
  });

  test("a slower place may have room after all, for the text it was asked to hold", async () => {
    room = false;
    draft.edit({ code: "two", files: {} });
    const first = later;
    draft.edit({ code: "three", files: {} });
    first();
    expect(draft.kept).toBe(false);
    later();
    expect(draft.kept).toBe(true);
  });

  test("text the server never got is saved after a reload", async () => {
    draft.restore({ code: "lost", files: {}, base: 1, etag: "" });
    await pass(0);
    expect(server.row.code).toBe("lost");
  });

  test("…but stops when the server moved on since", async () => {
    server.store("elsewhere");
    draft = open();
    draft.restore({ code: "lost", files: {}, base: 1, etag: "" });
    await pass(60_000);
    expect(draft.phase).toBe("conflict");
    expect(draft.content.code).toBe("lost");
    expect(draft.theirs?.code).toBe("elsewhere");
    expect(server.row.code).toBe("elsewhere");
    // It remembers what it was written on, or a reload would take theirs for seen and overwrite it.
    draft.edit({ code: "lost, and more", files: {} });
    expect(device).toMatchObject({ code: "lost, and more", etag: "" });
    expect(draft.ancestor).toBeNull();
  });
});

describe("trouble", () => {
  test("offline: says so, tries again with growing waits, saves on return", async () => {
    server.fail = [() => Problem.offline(), () => Problem.offline()];
    draft.edit({ code: "two", files: {} });
    await pass(800);
    expect(draft.phase).toBe("offline");
    draft.edit({ code: "three", files: {} });
    expect(draft.phase).toBe("offline");
    expect(device?.code).toBe("three");
    await pass(60_000);
    expect(draft.phase).toBe("saved");
    expect(server.puts).toEqual(["two", "three", "three"]);
  });

  test("a failing server is asked again; a refusal is not", async () => {
    server.fail = [answer(503), answer(400)];
    draft.edit({ code: "two", files: {} });
    await pass(800);
    expect(draft.phase).toBe("failed");
    await pass(60_000);
    expect(draft.phase).toBe("stuck");
    expect(server.puts).toHaveLength(2);
    draft.edit({ code: "three", files: {} });
    await pass(800);
    expect(draft.phase).toBe("saved");
  });

  test("signed out: stops, keeps the text, goes on after retry", async () => {
    server.fail = [answer(401)];
    draft.edit({ code: "two", files: {} });
    await pass(800);
    expect(draft.phase).toBe("denied");
    draft.edit({ code: "three", files: {} });
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
    draft.edit({ code: "two", files: {} });
    await pass(800);
    expect(draft.phase).toBe("denied");
    await draft.retry();
    expect(draft.phase).toBe("stuck");
  });

  test("over the limit: nothing is sent, the numbers are exact, less text is saved again", async () => {
    draft.edit({ code: "é".repeat(501), files: {} });
    await pass(800);
    expect(draft.phase).toBe("large");
    expect(draft.problem?.detail).toBe("1,002 of 1,000 bytes.");
    expect(server.puts).toEqual([]);
    draft.edit({ code: "é".repeat(500), files: {} });
    await pass(800);
    expect(draft.phase).toBe("saved");
  });

  test("a save whose answer was lost is recognised as ours", async () => {
    server.fail = [savedButNotAnswered];
    draft.edit({ code: "two", files: {} });
    await pass(60_000);
    expect(draft.phase).toBe("saved");
    expect(draft.server.etag).toBe("e1");
  });

  test("…also when more was typed since: it is no conflict with oneself", async () => {
    server.fail = [savedButNotAnswered];
    draft.edit({ code: "two", files: {} });
    await pass(800);
    draft.edit({ code: "three", files: {} });
    await pass(60_000);
    expect(draft.phase).toBe("saved");
    expect(server.row.code).toBe("three");
  });

  test("…and typing back to what was there before is no longer what the server has", async () => {
    server.fail = [savedButNotAnswered];
    draft.edit({ code: "two", files: {} });
    await pass(800);
    draft.edit({ code: "one", files: {} });
    expect(draft.phase).toBe("offline");
    await pass(60_000);
    expect(server.row.code).toBe("one");
    expect(draft.phase).toBe("saved");
  });

  test("…and when the page died before the answer", async () => {
    server.fail = [savedButNotAnswered];
    draft.edit({ code: "two", files: {} });
    await pass(800);
    draft.edit({ code: "three", files: {} });
    draft.close();
    draft = open();
    draft.restore(device as Unsaved);
    await pass(0);
    expect(draft.phase).toBe("saved");
    expect(server.row.code).toBe("three");
  });
});
