import { expect, test } from "vitest";

import type { Call } from "../lib/caller.ts";
import { Problem } from "../lib/problem.ts";
import type { NewSchedule, Schedule } from "../lib/types.ts";
import { ScheduleBook } from "./schedules.svelte.ts";

const schedule = (name: string, more: Partial<Schedule> = {}): Schedule => ({
  ...{ name, webtask: "hello", schedule: "0 9 * * *", tz: "UTC", catch_up: "skip", state: "active" },
  ...{ meta: {}, created_at: "", next_runs: [], run_count: 0, error_count: 0, last: null },
  ...more,
});

class Server {
  asked: string[] = [];
  fails: Problem | null = null;

  call = async <T>(path: string, call: Call = {}): Promise<T> => {
    await Promise.resolve();
    this.asked.push(`${call.method ?? "GET"} ${path}`);
    if (this.fails) throw this.fails;
    const answers: Record<string, unknown> = {
      GET: path === "/schedules" ? [schedule("b")] : [],
      POST: schedule((call.body as NewSchedule | undefined)?.name ?? "hello"),
      PATCH: schedule("b", call.body as Partial<Schedule>),
    };
    return answers[call.method ?? "GET"] as T;
  };
}

async function loaded(server: Server): Promise<ScheduleBook> {
  const book = new ScheduleBook(server);
  await book.load();
  return book;
}

const NEW: NewSchedule = { name: "a", schedule: "0 9 * * *", tz: "UTC", catch_up: "skip", state: "active" };

test("what is added stands in the list by its name", async () => {
  const book = await loaded(new Server());
  expect(await book.add(NEW)).toBe(true);
  expect([book.all.data?.map(({ name }) => name), book.said]).toEqual([["a", "b"], "Scheduled"]);
});

test("a change is what the server made of it", async () => {
  const book = await loaded(new Server());
  await book.change("b", { state: "inactive" });
  expect(book.all.data?.map(({ state }) => state)).toEqual(["inactive"]);
});

test("what is deleted is gone, with its history", async () => {
  const book = await loaded(new Server());
  const before = book.history("b");
  expect(book.history("b")).toBe(before);
  await book.remove("b");
  expect([book.all.data, book.said]).toEqual([[], "Deleted"]);
  expect(book.history("b")).not.toBe(before);
});

test("a refusal changes nothing and is told until the next try", async () => {
  const server = new Server();
  const book = await loaded(server);
  server.fails = new Problem(400, { title: "no schedule" });
  expect(await book.add(NEW)).toBe(false);
  expect([book.problem?.title, book.all.data?.length, book.busy]).toEqual(["no schedule", 1, false]);
  server.fails = null;
  await book.remove("b");
  expect(book.problem).toBeNull();
});
