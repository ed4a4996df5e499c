import { expect, test } from "vitest";

import type { EgressCall } from "../lib/types.ts";
import { CallBook } from "./calls.svelte.ts";

const call = (id: number, invocation: string): EgressCall => ({
  ...{ id, invocation, host: `h${id}`, port: 443, address: "", label: "v1", time: "2026-01-01T00:00:00Z" },
  ...{ ms: 1, sent: 1, received: 1, verdict: "allowed" },
});
const ids = (book: CallBook, invocation: string) => book.of(invocation).map(({ id }) => id);

test("what was asked for and what came meanwhile are one list, each call once", async () => {
  const book = new CallBook(() => Promise.resolve([call(2, "a"), call(1, "a")]));
  book.add([call(3, "a"), call(2, "a"), call(4, "b")]);
  await book.ask("a");
  expect(ids(book, "a")).toEqual([1, 2, 3]);
  expect(ids(book, "b")).toEqual([4]);
});

test("an invocation is asked for once, and again after a failure", async () => {
  let asked = 0;
  const book = new CallBook(() => (++asked === 1 ? Promise.reject(new Error("away")) : Promise.resolve([])));
  for (let look = 0; look < 3; look++) await book.ask("a");
  await book.ask("");
  expect(asked).toBe(2);
});

test("the oldest invocations go", () => {
  const book = new CallBook(() => Promise.resolve([]));
  for (let id = 0; id < 250; id++) book.add([call(id, `i${id}`)]);
  expect(ids(book, "i0")).toEqual([]);
  expect(ids(book, "i249")).toEqual([249]);
});
