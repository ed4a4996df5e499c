import { expect, test } from "vitest";

import type { Invocation, RunRequest, RunResult } from "../lib/types.ts";
import { RequestForm } from "./request.svelte.ts";
import { Runner } from "./runner.svelte.ts";

const shelf = { getItem: () => null, setItem: () => {} };
const result = { status: 200, label: "draft", invocation: "mine" } as RunResult;

/** Answers when it is told to, or when its caller is gone. */
class Server {
  readonly asked: RunRequest[] = [];
  answer: (result: RunResult) => void = () => {};

  run(request: RunRequest, signal?: AbortSignal): Promise<RunResult> {
    this.asked.push(request);
    return new Promise((resolve, reject) => {
      this.answer = resolve;
      signal?.addEventListener("abort", () => reject(signal.reason as Error));
    });
  }
}

test("the answer keeps which draft it is of", async () => {
  const server = new Server();
  const runner = new Runner(server, () => Promise.resolve("abcdef0123"), new RequestForm("a/b", shelf));
  const ran = runner.run();
  await Promise.resolve();
  server.answer(result);
  await ran;
  expect(runner.inside).toBeNull();
  runner.done([{ id: "other", ms: 1 } as Invocation, { id: "mine", ms: 7 } as Invocation]);
  expect(runner.inside).toBe(7);
  expect([runner.result, runner.draft, runner.running, runner.stopped]).toEqual([
    result,
    "abcdef0123",
    false,
    null,
  ]);
});

test("a stop ends the wait, takes the older answer away, and the next run starts anew", async () => {
  const server = new Server();
  const runner = new Runner(server, () => Promise.resolve(""), new RequestForm("a/b", shelf));
  runner.result = result;
  const ran = runner.run();
  await Promise.resolve();
  expect(server.asked).toHaveLength(1);
  runner.stop();
  await ran;
  expect([runner.running, runner.stopped, runner.result, runner.problem]).toEqual([
    false,
    "asked",
    null,
    null,
  ]);
  const again = runner.run();
  expect(runner.stopped).toBeNull();
  await Promise.resolve();
  server.answer(result);
  await again;
  expect(runner.result).toBe(result);
});

test("a stop while the draft is being saved runs nothing", async () => {
  const server = new Server();
  let saved: (etag: string) => void = () => {};
  const runner = new Runner(
    server,
    () => new Promise((resolve) => (saved = resolve)),
    new RequestForm("a/b", shelf),
  );
  const ran = runner.run();
  runner.stop();
  saved("e");
  await ran;
  expect([runner.stopped, server.asked]).toEqual(["saving", []]);
});
