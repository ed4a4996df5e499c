import { expect, test } from "vitest";

import { Problem } from "../lib/problem.ts";
import type { Confirmed, Guard } from "../lib/types.ts";
import { confirmation } from "./confirmation.ts";
import { FRESH, GuardDraft } from "./guard.svelte.ts";
import { Pause } from "./pause.svelte.ts";
import { guardWords, nameFor, SENDERS } from "./senders.ts";

const heard: Confirmed = { confirmed: ["node"], unconfirmed: [], milliseconds: 11.6 };

class Server {
  guarded: Guard = { kind: "public", secrets: [], tolerance: 300, pinned: true };
  names: string[] = [];
  sent: unknown[] = [];
  fails: Problem | null = null;

  guard = () => Promise.resolve(this.guarded);
  secretNames = () => Promise.resolve(this.names);
  setSecret = (name: string, value: string) => {
    this.sent.push([name, value]);
    return Promise.resolve([...this.names, name]);
  };
  setGuard = (guard: Guard) => {
    this.sent.push(guard);
    return this.fails ? Promise.reject(this.fails) : Promise.resolve({ ...guard, ...heard });
  };
  setPaused = (paused: boolean) => {
    this.sent.push(paused);
    return this.fails ? Promise.reject(this.fails) : Promise.resolve({ paused, ...heard });
  };
}

async function loaded(server: Server): Promise<GuardDraft> {
  const draft = new GuardDraft(server);
  await draft.load();
  return draft;
}

test("what was not changed is not sent", async () => {
  const server = new Server();
  const draft = await loaded(server);
  expect(draft.changed).toBe(false);
  await draft.save();
  expect(server.sent).toEqual([]);
});

test("private needs no secret, and who watches hears of it", async () => {
  const server = new Server();
  const kinds: string[] = [];
  const draft = new GuardDraft(server, ({ kind }) => kinds.push(kind));
  await draft.load();
  draft.who = "private";
  await draft.save();
  expect(server.sent).toEqual([{ kind: "private", secrets: [], tolerance: 300, pinned: true }]);
  expect([draft.told, draft.changed, kinds]).toEqual(["In force · confirmed in 12 ms", false, ["private"]]);
});

test("a new secret is kept before the guard that checks by it", async () => {
  const server = new Server();
  const draft = await loaded(server);
  draft.who = "sender";
  draft.choose("stripe");
  expect([draft.makesSecret, draft.name]).toEqual([true, "STRIPE_SIGNING_SECRET"]);
  await draft.save();
  expect([draft.problem?.title, server.sent]).toEqual(["The signing secret is missing", []]);
  draft.value = " whsec_1 ";
  await draft.save();
  expect(server.sent).toEqual([
    ["STRIPE_SIGNING_SECRET", "whsec_1"],
    { kind: "stripe", secrets: ["STRIPE_SIGNING_SECRET"], tolerance: 300, pinned: true },
  ]);
  expect([draft.value, draft.secret, draft.names]).toEqual([
    "",
    "STRIPE_SIGNING_SECRET",
    ["STRIPE_SIGNING_SECRET"],
  ]);
});

test("while a secret is changed both are named", async () => {
  const server = new Server();
  server.names = ["NEW", "OLD"];
  server.guarded = { kind: "github", secrets: ["OLD"], tolerance: 60, pinned: true };
  const draft = await loaded(server);
  expect([draft.who, draft.sender, draft.secret, draft.next]).toEqual(["sender", "github", "OLD", FRESH]);
  draft.next = "NEW";
  await draft.save();
  expect(server.sent).toEqual([{ kind: "github", secrets: ["OLD", "NEW"], tolerance: 60, pinned: true }]);
});

test("what the server refuses stays as it was typed", async () => {
  const server = new Server();
  server.fails = new Problem(400, { title: "No" });
  const draft = await loaded(server);
  draft.who = "private";
  await draft.save();
  expect([draft.problem?.title, draft.who, draft.changed, draft.known?.kind]).toEqual([
    "No",
    "private",
    true,
    "public",
  ]);
});

test("a pause is what the server says it is", async () => {
  const server = new Server();
  const pause = new Pause(server, false);
  await pause.set(true);
  expect([pause.paused, pause.told]).toEqual([true, "In force · confirmed in 12 ms"]);
  server.fails = new Problem(403, { title: "No" });
  await pause.set(false);
  expect([pause.paused, pause.problem?.title, server.sent]).toEqual([true, "No", [true, false]]);
});

test("each sender is told in words, and who has not confirmed by name", () => {
  expect(Object.keys(SENDERS).map(guardWords)).toEqual([
    "GitHub only",
    "Stripe only",
    "Slack only",
    "Standard Webhooks only",
  ]);
  expect([guardWords("public"), guardWords("private")]).toEqual(["", "Private"]);
  expect(nameFor("standard-webhooks")).toBe("STANDARD_WEBHOOKS_SIGNING_SECRET");
  expect(confirmation({ ...heard, unconfirmed: ["b"] })).toContain("not yet confirmed by b");
});

test("what was half chosen stays when it is looked at again, and is measured by what is in force by then", async () => {
  const server = new Server();
  const draft = await loaded(server);
  draft.who = "sender";
  draft.value = "half";
  server.guarded = { kind: "private", secrets: [], tolerance: 300, pinned: false };
  server.names = ["SIGNING"];
  await draft.load();
  expect([draft.who, draft.value, draft.pinned, draft.names]).toEqual(["sender", "half", true, ["SIGNING"]]);
  expect(draft.known).toEqual(server.guarded);
  draft.who = "private";
  draft.pinned = false;
  expect(draft.changed).toBe(false);
  server.guarded = { kind: "public", secrets: [], tolerance: 300, pinned: true };
  await draft.load();
  expect([draft.who, draft.pinned]).toEqual(["public", true]);
});
