import { expect, test } from "vitest";

import { Problem } from "../lib/problem.ts";
import type { About } from "../lib/types.ts";
import { AboutDraft, tagsOf } from "./about.svelte.ts";

class Server {
  about: About = { description: "Greets", tags: ["mail"] };
  sent: Partial<About>[] = [];
  fails: Problem | null = null;

  webtask = () => (this.fails ? Promise.reject(this.fails) : Promise.resolve(this.about));
  describe = (changes: Partial<About>) => {
    this.sent.push(changes);
    if (this.fails) return Promise.reject(this.fails);
    return Promise.resolve((this.about = { ...this.about, ...changes }));
  };
}

async function loaded(server: Server): Promise<AboutDraft> {
  const draft = new AboutDraft(server);
  await draft.load();
  return draft;
}

test("tags are as people write them", () => {
  expect(tagsOf(" Mail, #cron  mail,\n2fa ")).toEqual(["2fa", "cron", "mail"]);
  expect(tagsOf(" , ")).toEqual([]);
});

test("only what was changed is sent", async () => {
  const server = new Server();
  const draft = await loaded(server);
  expect([draft.description, draft.tags, draft.changed]).toEqual(["Greets", "mail", false]);
  await draft.save();
  draft.tags = "mail, Cron";
  await draft.save();
  draft.description = " ";
  await draft.save();
  expect(server.sent).toEqual([{ tags: ["cron", "mail"] }, { description: "" }]);
  expect([draft.tags, draft.saved, draft.changed]).toEqual(["cron mail", true, false]);
});

test("what is no tag is told and never sent", async () => {
  const server = new Server();
  const draft = await loaded(server);
  for (const [text, words] of [
    ["fine größe", "“größe” is no tag"],
    ["x".repeat(31), "is no tag"],
    ["a b c d e f g h i j k", "These are 11 tags; the limit is 10."],
  ] as const) {
    draft.tags = text;
    expect(draft.wrong).toContain(words);
    await draft.save();
  }
  expect(server.sent).toEqual([]);
});

test("what was half typed stays when it is looked at again, or typed while it is saved", async () => {
  const server = new Server();
  const draft = await loaded(server);
  draft.description = "Greets every";
  server.about = { description: "Somebody else's", tags: ["mail"] };
  await draft.load();
  expect([draft.description, draft.known?.description]).toEqual(["Greets every", "Somebody else's"]);
  const saving = draft.save();
  draft.description = "Greets everybody";
  await saving;
  expect([draft.description, draft.known?.description, draft.changed]).toEqual([
    "Greets everybody",
    "Greets every",
    true,
  ]);
});

test("what the server refuses stays as it was typed, what was had stays on show", async () => {
  const server = new Server();
  const draft = await loaded(server);
  server.fails = new Problem(400, { title: "No" });
  draft.description = "Other";
  await draft.save();
  expect([draft.problem?.title, draft.description, draft.saved]).toEqual(["No", "Other", false]);
  await draft.load();
  expect([draft.problem?.title, draft.known?.description]).toEqual(["No", "Greets"]);
});
