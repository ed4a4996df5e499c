import { expect, test } from "vitest";

import { carriedBy } from "./editLink.ts";

test.each([
  ["#/hello/a.b.c", { name: "hello", token: "a.b.c" }],
  ["#/my%20task/a.b.c", { name: "my task", token: "a.b.c" }],
  ["#/%E0%A4%A/a.b.c", { name: "%E0%A4%A", token: "a.b.c" }],
  ["#/a.b.c", { name: "", token: "a.b.c" }],
  ["#hello/a.b.c", { name: "hello", token: "a.b.c" }],
  ["#/hello/a/b", { name: "hello", token: "a/b" }],
  ["", { name: "", token: "" }],
])("%s carries %o", (hash, carried) => {
  expect(carriedBy(hash)).toEqual(carried);
});
