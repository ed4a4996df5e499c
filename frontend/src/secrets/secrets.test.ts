import { expect, test } from "vitest";

import { Problem } from "../lib/problem.ts";
import type { SecretChanges } from "../lib/types.ts";
import { SecretsDraft } from "./secrets.svelte.ts";

class Server {
  names = ["OLD"];
  sent: SecretChanges[] = [];
  fails: Problem | null = null;

  secrets = () => Promise.resolve(this.#told());
  setSecrets = (changes: SecretChanges) => {
    this.sent.push(changes);
    if (this.fails) return Promise.reject(this.fails);
    const gone = Object.keys(changes).filter((name) => changes[name] === null);
    this.names = [...new Set([...this.names, ...Object.keys(changes)])].filter(
      (name) => !gone.includes(name),
    );
    const plain = Object.keys(changes).filter((name) => (changes[name] ?? "long enough").length < 6);
    return Promise.resolve({ secrets: this.#told(), unredacted: plain });
  };
  #told = () => this.names.map((name) => ({ name, changed_at: "2026-01-01T00:00:00.000Z" }));
}

async function loaded(server: Server): Promise<SecretsDraft> {
  const draft = new SecretsDraft(server);
  await draft.load();
  return draft;
}

test("what is set stands in the list, and its value nowhere", async () => {
  const draft = await loaded(new Server());
  expect(await draft.set(new Map([["KEY", "s3cret-value"]]))).toBe(true);
  expect([draft.has("KEY"), draft.has("OTHER"), draft.said]).toEqual([true, false, "Set, and in force"]);
  expect(JSON.stringify({ ...draft, secrets: draft.secrets })).not.toContain("s3cret");
});

test("several go in one request, a name that JavaScript knows as well", async () => {
  const server = new Server();
  const draft = await loaded(server);
  await draft.set(
    new Map([
      ["A", "1"],
      ["__proto__", "2"],
    ]),
  );
  expect(JSON.stringify(server.sent)).toBe('[{"A":"1","__proto__":"2"}]');
  expect([draft.said, draft.plain]).toEqual(["2 set, and in force", ["A", "__proto__"]]);
});

test("what is deleted is gone from the list", async () => {
  const draft = await loaded(new Server());
  await draft.remove("OLD");
  expect([draft.secrets, draft.said]).toEqual([[], "Deleted, and in force"]);
});

test("a refusal changes nothing and is told until the next try", async () => {
  const server = new Server();
  const draft = await loaded(server);
  server.fails = new Problem(400, { title: "Something in the request is not valid" });
  expect(await draft.set(new Map([["", "x"]]))).toBe(false);
  expect([draft.problem?.status, draft.said, draft.secrets?.length, draft.saving]).toEqual([
    400,
    "",
    1,
    false,
  ]);
  server.fails = null;
  await draft.set(new Map([["KEY", "value"]]));
  expect(draft.problem).toBeNull();
});
