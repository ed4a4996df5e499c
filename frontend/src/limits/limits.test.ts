import { expect, test } from "vitest";

import { Problem } from "../lib/problem.ts";
import type { Limit, LimitChanges } from "../lib/types.ts";
import { LimitsDraft } from "./limits.svelte.ts";
import { lines, RulesDraft } from "./rules.svelte.ts";

const limit = (change: Partial<Limit> = {}): Limit => ({
  ...{ name: "wall_ms", title: "wall time", unit: "ms", per: "", help: "", caller: "" },
  ...{ lowest: 100, ceiling: 60_000, default: 30_000, inherited: 30_000, own: null, value: 30_000 },
  ...change,
});

class Server {
  sent: LimitChanges[] = [];
  fails: Problem | null = null;

  known = [limit()];

  limits = () => Promise.resolve(this.known);
  setLimits = (changes: LimitChanges) => {
    this.sent.push(changes);
    if (this.fails) return Promise.reject(this.fails);
    return Promise.resolve([limit({ own: changes["wall_ms"] ?? null })]);
  };
}

test("an empty field is what holds above; only what was changed is sent", async () => {
  const server = new Server();
  const draft = new LimitsDraft(server);
  await draft.load();
  expect([draft.typed["wall_ms"], draft.changed]).toEqual(["", false]);
  await draft.save();
  draft.typed["wall_ms"] = "10";
  await draft.save();
  expect([server.sent, draft.saved, draft.changed]).toEqual([[{ wall_ms: 10_000 }], true, false]);
  draft.typed["wall_ms"] = "";
  await draft.save();
  expect(server.sent.at(-1)).toEqual({ wall_ms: null });
});

test("what cannot be is told and never sent", async () => {
  const server = new Server();
  const draft = new LimitsDraft(server, [limit()]);
  for (const text of ["61", "0.05", "soon"]) {
    draft.typed["wall_ms"] = text;
    expect(draft.error(limit())).toBe("Write a number from 100 ms to 60 s.");
    await draft.save();
  }
  expect(server.sent).toEqual([]);
  draft.undo();
  expect(draft.error(limit())).toBe("");
});

test("what the server will not have stands beside its field, and what was typed stays", async () => {
  const server = new Server();
  server.fails = new Problem(400, { title: "no", errors: { wall_ms: ["Not on this node."] } });
  const draft = new LimitsDraft(server, [limit()]);
  draft.typed["wall_ms"] = "10";
  await draft.save();
  expect([draft.error(limit()), draft.typed["wall_ms"], draft.saved]).toEqual([
    "Not on this node.",
    "10",
    false,
  ]);
});

test("whoever wants to know hears of each state", async () => {
  const heard: (number | null)[] = [];
  const draft = new LimitsDraft(new Server(), [limit()], ([first]) => heard.push(first?.own ?? null));
  draft.typed["wall_ms"] = "10";
  await draft.save();
  expect(heard).toEqual([null, 10_000]);
});

test("rules are lines; switching to every address and back keeps them", async () => {
  let kept: string[] | null = ["a:1"];
  const draft = new RulesDraft({
    egressRules: () => Promise.resolve(kept),
    setEgressRules: (rules) => Promise.resolve((kept = rules)),
  });
  await draft.load();
  expect([draft.open, draft.text, draft.changed]).toEqual([false, "a:1", false]);
  draft.open = true;
  await draft.save();
  expect([kept, draft.changed, draft.saved]).toEqual([null, false, true]);
  draft.open = false;
  expect(draft.rules).toEqual(["a:1"]);
  expect(lines(" a:1 \n\n b:2")).toEqual(["a:1", "b:2"]);
});

test("a limit that is half typed stays when it is looked at again", async () => {
  const server = new Server();
  const draft = new LimitsDraft(server);
  await draft.load();
  draft.typed["wall_ms"] = "4";
  server.known = [limit({ own: 200, value: 200 })];
  await draft.load();
  expect([draft.typed["wall_ms"], draft.changes]).toEqual(["4", { wall_ms: 4000 }]);
  draft.undo();
  await draft.load();
  expect([draft.typed["wall_ms"], draft.changed]).toEqual(["200", false]);
});

test("rules that are half typed stay when they are looked at again", async () => {
  let known: string[] | null = ["a.example:443"];
  const draft = new RulesDraft({
    egressRules: () => Promise.resolve(known),
    setEgressRules: (rules) => Promise.resolve(rules),
  });
  await draft.load();
  draft.text = "a.example:443\nb.ex";
  known = ["c.example:443"];
  await draft.load();
  expect([draft.text, draft.changed]).toEqual(["a.example:443\nb.ex", true]);
  draft.text = "c.example:443";
  expect(draft.changed).toBe(false);
  known = null;
  await draft.load();
  expect([draft.open, draft.changed]).toEqual([true, false]);
});
