import { expect, test } from "vitest";

import type { Token } from "../lib/types.ts";
import { goodFor, wordsOf } from "./tokens.ts";

const NOW = Date.parse("2026-05-01T12:00:00Z");
const PLAIN: Token = {
  jti: "a",
  kind: "api",
  name: "ci",
  author: null,
  issuer: null,
  scopes: null,
  webtasks: null,
  methods: null,
  rates: {},
  depth: 0,
  created_at: "2026-04-01T12:00:00Z",
  expires_at: null,
  last_used_at: null,
  revoked_at: null,
};

test.each<[Partial<Token>, boolean]>([
  [{}, true],
  [{ webtasks: ["hello", "other"] }, true],
  [{ webtasks: ["other"] }, false],
  [{ expires_at: "2026-05-01T12:00:01Z" }, true],
  [{ expires_at: "2026-05-01T11:59:59Z" }, false],
  [{ revoked_at: "2026-04-30T12:00:00Z" }, false],
])("%o is good for hello: %s", (changed, good) => {
  expect(goodFor([{ ...PLAIN, ...changed }], "hello", NOW)).toHaveLength(good ? 1 : 0);
});

test.each<[Partial<Token>, string]>([
  [{}, "all webtasks · all actions · no end · never used"],
  [
    { webtasks: ["hello"], scopes: ["webtask.run"], methods: ["GET", "POST"] },
    "this webtask alone · 1 action · GET, POST · no end · never used",
  ],
  [
    { webtasks: ["a", "b"], last_used_at: "2026-05-01T11:58:00Z" },
    "2 webtasks · all actions · no end · used 2 min ago",
  ],
])("%o reads %s", (changed, words) => {
  expect(wordsOf({ ...PLAIN, ...changed }, NOW)).toBe(words);
});
