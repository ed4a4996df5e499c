import { expect, test } from "vitest";

import { workspaceOf } from "./editLink.ts";

test.each([
  ["#/hello/a.b.c", "/t/acme/hello"],
  ["#/hello/", "/t/acme/hello"],
  ["#/a%20b/x", "/t/acme/a%20b"],
  ["#/%/x", "/t/acme/%25"],
  ["#/a.b.c", "/t/acme"],
  ["#/", "/t/acme"],
  ["", "/t/acme"],
])("%s leads to %s", (hash, leads) => {
  expect(workspaceOf("/t/acme", hash)).toBe(leads);
});
