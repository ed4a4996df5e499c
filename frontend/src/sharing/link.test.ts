import { expect, test } from "vitest";

import { Problem } from "../lib/problem.ts";
import { CodeLink, type LinkApi } from "./link.svelte.ts";

class Server implements LinkApi {
  url: string | null = null;
  made = 0;
  fail = false;

  async link() {
    return this.url;
  }

  async makeLink() {
    if (this.fail) throw new Problem(403, { title: "No" });
    return (this.url = `https://console/s/${++this.made}`);
  }

  async takeLinkBack() {
    this.url = null;
  }
}

async function opened() {
  const server = new Server();
  const link = new CodeLink(server);
  await link.found.load();
  return { server, link };
}

test("there is none until one is made", async () => {
  const { link } = await opened();
  expect(link.found.data).toEqual({ url: null });
  await link.make();
  expect(link.found.data).toEqual({ url: "https://console/s/1" });
  expect(link.said).toBe("Everybody who has the link sees the code");
});

test("another one takes its place", async () => {
  const { link } = await opened();
  await link.make();
  await link.make();
  expect([link.found.data?.url, link.said]).toEqual([
    "https://console/s/2",
    "The link before leads nowhere now",
  ]);
});

test("taken back there is none", async () => {
  const { link } = await opened();
  await link.make();
  await link.takeBack();
  expect([link.found.data?.url, link.said]).toEqual([null, "The link leads nowhere now"]);
});

test("refused, what is in force stays on show", async () => {
  const { server, link } = await opened();
  server.fail = true;
  await link.make();
  expect([link.found.data?.url, link.problem?.title, link.busy]).toEqual([null, "No", false]);
});

test("two presses are one", async () => {
  const { server, link } = await opened();
  await Promise.all([link.make(), link.make()]);
  expect(server.made).toBe(1);
});
