import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { Content } from "./content.ts";
import { Server } from "./draft.server.ts";
import { DraftKeeper } from "./draft.svelte.ts";
import { Lead } from "./lead.ts";

/** One tab: its draft, what its editor shows, whether it was left alone. */
interface Tab {
  draft: DraftKeeper;
  lead: Lead;
  shown: string[];
  alone: boolean;
  aside: string[];
}

let count = 0;
let webtask: string;
let server: Server;
let tabs: Tab[];

const text = (code: string): Content => ({ code, files: {} });

async function open(): Promise<Tab> {
  const keep = { put: () => true, drop: () => {} };
  const draft = new DraftKeeper({ server: server.row, save: server.save, limit: 1000, keep });
  const tab: Partial<Tab> & Pick<Tab, "shown" | "aside"> = { draft, shown: [], alone: false, aside: [] };
  tab.lead = new Lead({
    webtask,
    tab: `tab ${count++}`,
    draft,
    show: ({ code }) => tab.shown.push(code),
    latest: async () => server.row,
    aside: async ({ code }) => void tab.aside.push(code),
    forget: () => {},
    onalone: () => (tab.alone = true),
  });
  tabs.push(tab as Tab);
  await tab.lead.take();
  return tab as Tab;
}

beforeEach(() => {
  webtask = `acme/${count++}`;
  server = new Server();
  tabs = [];
});
afterEach(() =>
  tabs.forEach(({ lead, draft }) => {
    lead.close();
    draft.close();
  }),
);

test("alone, it leads", async () => {
  expect((await open()).draft.leads).toBe(true);
});

test("the newest leads, and has what the other had not saved", async () => {
  const one = await open();
  one.draft.edit(text("typed"));
  const two = await open();
  expect([one.draft.leads, two.draft.leads]).toEqual([false, true]);
  expect(two.draft.content.code).toBe("typed");
  await two.draft.flush();
  expect(server.row.code).toBe("typed");
});

test("what is on its way at the hand-over is waited for: no conflict with oneself", async () => {
  const one = await open();
  let answer = () => {};
  server.gate = new Promise((resolve) => (answer = resolve));
  one.draft.edit(text("on its way"));
  void one.draft.soon();
  one.draft.edit(text("typed since"));
  const opening = open();
  setTimeout(answer, 50);
  const two = await opening;
  await two.draft.flush();
  expect(server.row.code).toBe("typed since");
  expect(two.draft.phase).toBe("saved");
});

test("the other shows what is saved, and can take over with what is not", async () => {
  const one = await open();
  const two = await open();
  two.draft.edit(text("saved"));
  await two.draft.flush();
  await vi.waitFor(() => expect(one.shown).toContain("saved"));
  expect(one.draft.server.etag).toBe(server.row.etag);
  two.draft.edit(text("not saved"));
  await one.lead.take();
  expect([one.draft.leads, two.draft.leads]).toEqual([true, false]);
  expect(one.shown.at(-1)).toBe("not saved");
  await one.draft.flush();
  await vi.waitFor(() => expect(two.draft.phase).toBe("saved"));
});

test("a conflict is handed over as one, with what both began from", async () => {
  const one = await open();
  server.store("theirs");
  one.draft.edit(text("mine"));
  await one.draft.flush().catch(() => {});
  const two = await open();
  await expect(two.draft.flush()).rejects.toMatchObject({ status: 412 });
  expect(two.draft.phase).toBe("conflict");
  expect(two.draft.content.code).toBe("mine");
  expect(two.draft.theirs?.code).toBe("theirs");
  expect(two.draft.ancestor?.code).toBe("one");
});

test("what was saved elsewhere meanwhile is not replaced by what the other tab knew", async () => {
  await open();
  server.store("by another device");
  const two = await open();
  expect(two.draft.content.code).toBe("by another device");
  expect(two.draft.server.etag).toBe(server.row.etag);
});

test("text that was typed while another led, and that it did not get, is put aside before its text comes", async () => {
  const one = await open();
  const two = await open();
  one.draft.edit(text("typed asleep"));
  two.draft.edit(text("typed awake"));
  await one.lead.take();
  expect(one.draft.content.code).toBe("typed awake");
  expect(one.aside).toEqual(["typed asleep"]);
});

test("one that does not answer keeps its text, and does not save it over the other's", async () => {
  const one = await open();
  one.draft.edit(text("asleep"));
  one.lead.close();
  one.draft.close();
  const two = await open();
  two.draft.edit(text("awake"));
  await two.draft.flush();
  expect(one.draft.leads).toBe(false);
  expect(one.draft.content.code).toBe("asleep");
  expect(server.row.code).toBe("awake");
});
