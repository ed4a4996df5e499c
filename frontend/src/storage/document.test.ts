import { expect, test } from "vitest";

import type { Call } from "../lib/caller.ts";
import { Problem } from "../lib/problem.ts";
import type { StoredDocument } from "../lib/types.ts";
import { DocumentDraft } from "./document.svelte.ts";

class Server {
  data: string | null = '{"n":1}';
  edition = 1;
  fails: Problem | null = null;

  get etag(): string | null {
    return this.data === null ? null : `e${this.edition}`;
  }

  write(data: string | null): void {
    this.data = data;
    this.edition++;
  }

  call = async <T>(path: string, call: Call = {}): Promise<T> => {
    await Promise.resolve();
    if (this.fails) throw this.fails;
    const body = call.body as { data: string; etag: string | null } | undefined;
    const seen = call.method === "DELETE" ? new URLSearchParams(path.split("?")[1]).get("etag") : body?.etag;
    if (call.method && seen !== this.etag) throw new Problem(409, { title: "Modified" });
    if (call.method) this.write(body?.data ?? null);
    const shape: StoredDocument = {
      ...{ data: this.data, etag: this.etag, bytes: this.data?.length ?? 0, limit: 40 },
      saved_at: null,
    };
    return shape as T;
  };
}

async function loaded(server: Server): Promise<DocumentDraft> {
  const draft = new DocumentDraft(server);
  await draft.load();
  return draft;
}

test("it is shown readable, and stored without the spaces", async () => {
  const server = new Server();
  const draft = await loaded(server);
  expect([draft.text, draft.dirty, draft.ready]).toEqual(['{\n  "n": 1\n}', false, false]);
  draft.text = '{ "n": 2 }';
  await draft.save();
  expect([server.data, draft.text, draft.dirty, draft.said]).toEqual([
    '{"n":2}',
    '{\n  "n": 2\n}',
    false,
    "Stored",
  ]);
});

test.each(["{n: 2}", JSON.stringify("x".repeat(40))])("%s cannot be saved", async (text) => {
  const draft = await loaded(new Server());
  draft.text = text;
  expect([draft.dirty, draft.ready]).toEqual([true, false]);
});

test("over what came in between nothing is written until somebody has chosen", async () => {
  const server = new Server();
  const draft = await loaded(server);
  server.write('{"n":7}');
  draft.text = '{"n":2}';
  await draft.save();
  expect([draft.theirs?.data, draft.text, draft.ready, server.data]).toEqual([
    '{"n":7}',
    '{"n":2}',
    false,
    '{"n":7}',
  ]);
  await draft.writeMine();
  expect([server.data, draft.theirs]).toEqual(['{"n":2}', null]);
});

test("theirs can be taken", async () => {
  const server = new Server();
  const draft = await loaded(server);
  server.write(null);
  draft.text = '{"n":2}';
  await draft.save();
  draft.takeTheirs();
  expect([draft.text, draft.dirty, draft.theirs]).toEqual(["", false, null]);
});

test("mine is refused again when yet another came after the one that was shown", async () => {
  const server = new Server();
  const draft = await loaded(server);
  server.write("7");
  draft.text = "2";
  await draft.save();
  server.write("8");
  await draft.writeMine();
  expect([server.data, draft.theirs?.data]).toEqual(["8", "8"]);
});

test("what is half typed outlives another load, and what it began from", async () => {
  const server = new Server();
  const draft = await loaded(server);
  draft.text = "2";
  server.write("7");
  await draft.load();
  expect(draft.text).toBe("2");
  await draft.save();
  expect(draft.theirs?.data).toBe("7");
});

test("an emptied one is gone, and a first one is written over nothing alone", async () => {
  const server = new Server();
  const draft = await loaded(server);
  await draft.empty();
  expect([server.data, draft.text, draft.said]).toEqual([null, "", "Nothing is stored"]);
  server.write("7");
  draft.text = "2";
  await draft.save();
  expect([server.data, draft.theirs?.data]).toEqual(["7", "7"]);
});

test("a failure is told and the text stays", async () => {
  const server = new Server();
  const draft = await loaded(server);
  draft.text = "2";
  server.fails = Problem.offline();
  await draft.save();
  expect([draft.problem?.status, draft.text, draft.ready]).toEqual([0, "2", true]);
});

test("what changed meanwhile is shown, not emptied", async () => {
  const server = new Server();
  const draft = await loaded(server);
  server.write("7");
  await draft.empty();
  expect([server.data, draft.text, draft.theirs]).toEqual(["7", "7", null]);
  expect(draft.said).toMatch("changed meanwhile");
});

test("one's own text that gave way to theirs, or to a file, can be had back, and given up again", async () => {
  const server = new Server();
  const draft = await loaded(server);
  draft.take('{"n":2}');
  expect(draft.gone).toBe(null);
  draft.take('{"n":3}');
  draft.undo();
  expect([draft.text, draft.dirty]).toEqual(['{"n":2}', true]);
  server.write('{"n":4}');
  await draft.save();
  draft.takeTheirs();
  expect([draft.text, draft.dirty, draft.theirs]).toEqual(['{\n  "n": 4\n}', false, null]);
  draft.undo();
  expect(draft.text).toBe('{"n":2}');
  draft.undo();
  expect(draft.text).toBe('{\n  "n": 4\n}');
  draft.undo();
  await draft.save();
  expect([server.data, draft.gone]).toEqual(['{"n":2}', null]);
});
