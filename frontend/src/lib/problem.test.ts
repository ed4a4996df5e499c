import { expect, test } from "vitest";

import { Problem } from "./problem.ts";

test("a problem's details are worth pasting", () => {
  const problem = new Problem(404, { title: "Not found", detail: "There is no webtask “x”.", id: "absent" });
  expect(problem.text).toBe("Not found\nThere is no webtask “x”.\nHTTP 404\nid absent");
  expect(Problem.offline().text).not.toContain("HTTP");
});
