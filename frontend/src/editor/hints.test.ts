import { expect, test } from "vitest";

import { hintsIn, wordsOf } from "./hints.ts";

const CODE = `const { A, B } = ctx.secrets;
require("fs"); require("node:net"); require("fs/promises"); require("lodash/fp"); require("dayjs");
require("dayjs@1.0.0"); require("@webtask/bearer-auth-middleware"); require("./lib/add"); require("./none");`;
const PATHS = ["hello.js", "lib/add.js"];

const said = (has: Parameters<typeof hintsIn>[3]) => hintsIn("hello.js", CODE, PATHS, has).map(wordsOf);

test("what is there is not hinted at", () => {
  expect(said({ secrets: ["A"], params: [], modules: ["lodash"] })).toEqual([
    "This webtask has no secret B.",
    "dayjs is not installed for this webtask.",
    "There is no file ./none from here.",
  ]);
});

test("while nobody knows what there is, only the files are", () => {
  expect(said({ secrets: null, params: null, modules: null })).toEqual([
    "There is no file ./none from here.",
  ]);
});

test("each stands on what the code says", () => {
  for (const { name, start, end } of hintsIn("hello.js", CODE, PATHS, {
    secrets: [],
    params: [],
    modules: [],
  }))
    expect(CODE.slice(start, end)).toContain(name);
});

test("what fetch calls env holds secrets and parameters", () => {
  const code = "export default { fetch(request, env) { return new Response(env.A + env.B + env.C); } };";
  const told = (params: string[] | null) =>
    hintsIn("hello.js", code, PATHS, { secrets: ["A"], params, modules: [] }).map(({ name }) => name);
  expect(told(["B"])).toEqual(["C"]);
  expect(told(null)).toEqual([]);
});
