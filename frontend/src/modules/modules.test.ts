import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { Call } from "../lib/caller.ts";
import { Problem } from "../lib/problem.ts";
import type { Install, Module, Modules } from "../lib/types.ts";
import { asked, ModuleBook, parted } from "./modules.svelte.ts";

const module = (name: string, origin: Module["origin"] = "webtask"): Module => ({
  ...{ name, wanted: "1.x", version: "", origin },
});

class Server {
  modules: Module[] = [module("express", "platform")];
  state: Install["state"] | null = null;
  asked: string[] = [];
  bodies: unknown[] = [];
  fails: Problem | null = null;

  call = async <T>(path: string, call: Call = {}): Promise<T> => {
    await Promise.resolve();
    this.asked.push(`${call.method ?? "GET"} ${path}`);
    if (call.body) this.bodies.push(call.body);
    if (this.fails) throw this.fails;
    if (call.method === "POST") this.state = "queued";
    const install = this.state && { run: "r", state: this.state, output: "", error: "" };
    return { modules: this.modules, install } satisfies Modules as T;
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("an installation is looked at until it is over, and then no more", async () => {
  const server = new Server();
  const book = new ModuleBook(server);
  const stop = book.watch();
  await vi.runAllTimersAsync();
  expect(server.asked).toEqual(["GET /modules"]);
  await book.add("lodash", "4.x");
  server.state = "installing";
  await vi.advanceTimersByTimeAsync(1_000);
  expect(book.known.data?.install?.state).toBe("installing");
  server.state = "available";
  await vi.runAllTimersAsync();
  expect(book.known.data?.install?.state).toBe("available");
  expect(server.asked.length).toBe(4);
  stop();
});

test("nobody looks, nothing is asked", async () => {
  const server = new Server();
  const book = new ModuleBook(server);
  book.watch()();
  await book.add("lodash", "4.x");
  await vi.runAllTimersAsync();
  expect(server.asked).toEqual(["GET /modules", "POST /modules"]);
});

test("without a version the server says which", async () => {
  const server = new Server();
  await new ModuleBook(server).add("lodash", "");
  expect(server.bodies).toEqual([{ name: "lodash" }]);
});

test("a scoped package is removed by its whole name", async () => {
  const server = new Server();
  const book = new ModuleBook(server);
  await book.remove("@scope/name");
  expect(server.asked).toEqual(["DELETE /modules/@scope/name", "GET /modules"]);
});

test("a refusal is told until the next try", async () => {
  const server = new Server();
  const book = new ModuleBook(server);
  server.fails = new Problem(400, { title: "no such package" });
  expect(await book.add("x", "")).toBe(false);
  expect([book.problem?.title, book.busy]).toEqual(["no such package", false]);
  server.fails = null;
  await book.remove("x");
  expect(book.problem).toBeNull();
});

test.each([
  ["lodash", "lodash", ""],
  [" lodash@4.17.21 ", "lodash", "4.17.21"],
  ["@scope/name", "@scope/name", ""],
  ["@scope/name@^1", "@scope/name", "^1"],
  ["npm install express@latest", "express", "latest"],
  ["npm i express", "express", ""],
])("%j asks for %s in %j", (text, name, version) => {
  expect(asked(text)).toEqual({ name, version });
});

test("what all have is told apart", () => {
  const { own, platform } = parted([module("a"), module("b", "code"), module("c", "platform")]);
  expect([own.map(({ name }) => name), platform.map(({ name }) => name)]).toEqual([["a", "b"], ["c"]]);
});
