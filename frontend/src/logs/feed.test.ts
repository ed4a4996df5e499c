import { expect, test } from "vitest";

import type { ProblemBody } from "../lib/problem.ts";
import type { VersionSummary } from "../lib/types.ts";
import { Feed } from "./feed.svelte.ts";

const LOG = "webtask:a/b";
const VERSIONS = "versions:a/b";
const FORBIDDEN: ProblemBody = { id: "forbidden", title: "Not yours", status: 403, detail: "" };

function feed(onVersions: (versions: VersionSummary[]) => void = () => {}): Feed {
  const nothing = () => {};
  return new Feed({
    url: "ws://here/ws/",
    topic: LOG,
    greet: () => [],
    onVersions,
    onCalls: nothing,
    onDone: nothing,
    onPeople: nothing,
  });
}

test("where the versions stand is not where the log stands", () => {
  const log = feed();
  log.receive({ t: "subscribed", topic: LOG, seq: 70 });
  log.receive({ t: "subscribed", topic: VERSIONS, seq: 3 });
  expect(log.seq).toBe(70);
});

test("versions are passed on together", () => {
  const heard: VersionSummary[][] = [];
  feed((versions) => heard.push(versions)).receive({ t: "versions", topic: VERSIONS, versions: [] });
  expect(heard).toEqual([[]]);
});

test("the log tells of its own trouble alone", () => {
  const log = feed();
  log.receive({ t: "problem", topic: VERSIONS, problem: FORBIDDEN });
  expect(log.problem).toBeNull();
  log.receive({ t: "problem", topic: LOG, problem: FORBIDDEN });
  expect(log.problem?.status).toBe(403);
  log.receive({ t: "subscribed", topic: LOG, seq: 1 });
  expect(log.problem).toBeNull();
  log.receive({ t: "problem", topic: null, problem: FORBIDDEN });
  expect(log.problem?.status).toBe(403);
});
