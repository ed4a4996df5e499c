import { describe, expect, test } from "vitest";

import {
  aboutTheCode,
  type Annotation,
  annotated,
  annotations,
  inward,
  outward,
  outwardAll,
} from "./annotate.ts";

const typeOf = (code: string) => /\{(.*)\}/.exec(annotations(code)[0]?.text ?? "")?.[1] ?? null;

describe("annotation", () => {
  test.each([
    ["module.exports = function (cb) {}", "Webtask.WithCallback"],
    ["module.exports = function hello(ctx, cb) {}", "Webtask.WithContext"],
    ["module.exports = async function (ctx, req, res) {}", "Webtask.WithRequest"],
    ["module.exports = cb => cb()", "Webtask.WithCallback"],
    ["module.exports = async (ctx, cb) => {}", "Webtask.WithContext"],
    ["module.exports = async (ctx) => {}", "Webtask.WithEither"],
    ["export default async function (ctx) {}", "Webtask.WithEither"],
    ["import fs from 'fs';\nexport default (ctx, req, res) => {}", "Webtask.WithRequest"],
    ["exports.default = async (ctx, req, res) => {}", "Webtask.WithRequest"],
    ["async function main(ctx) {}\n\nmodule.exports = main;", "Webtask.WithEither"],
    ["const main = (ctx, cb) => cb();\nexport default main", "Webtask.WithContext"],
    ["function $go(cb) {}\nreturn $go;", "Webtask.WithCallback"],
    ["const app = {\n  fetch(request) {} };\nexport default app;", "Webtask.Fetcher"],
    ["const fetch = 1;\nexport default { fetch };", "Webtask.Fetcher"],
    ["export default {\n  async fetch(request, env, ctx) {} }", "Webtask.Fetcher"],
    ["module.exports = { fetch: async (request) => {} }", "Webtask.Fetcher"],
    [
      "'use strict';\nconst a = 1;\nmodule.exports = ({ secrets, query: { a = [1, 2] } }, cb) => {}",
      "Webtask.WithContext",
    ],
    ["module.exports = function (\n  ctx,\n  cb,\n) {}", "Webtask.WithContext"],
    ["/** Says hello. */\nmodule.exports = (ctx, cb) => {}", "Webtask.WithContext"],
    ["/** @type {X} */ const a = 1;\nmodule.exports = (ctx, cb) => {}", "Webtask.WithContext"],
  ])("%s", (code, type) => expect(typeOf(code)).toBe(type));

  test.each([
    ["no export", "exports.a = 1"],
    ["no parameter", "module.exports = () => {}"],
    ["too many parameters", "module.exports = (a, b, c, d) => {}"],
    ["not a function", "module.exports = { a: 1 }"],
    ["another export", "export const a = (ctx, cb) => {}"],
    ["typed by the author", "/** @type {Webtask.WithContext} */\nmodule.exports = (ctx, cb) => {}"],
    ["half typed", "module.exports = function (ctx, "],
  ])("none for %s", (_, code) => expect(annotations(code)).toEqual([]));

  test.each([
    [
      "return function (ctx, cb) {}",
      "return function (/** @type {Webtask.Context} */ ctx, /** @type {Webtask.Callback} */ cb) {}",
    ],
    ["function f() {\n  return (a, b) => a;\n}", "function f() {\n  return (a, b) => a;\n}"],
  ])("of parameters, where a comment before the statement says nothing: %s", (code, seen) =>
    expect(annotated(code, annotations(code))).toBe(seen),
  );

  test.each([
    ["export default (ctx, cb) => {}", "export default (ctx: Webtask.Context, cb: Webtask.Callback) => {}"],
    [
      "export default async function (ctx) {}",
      "export default async function (ctx: Webtask.Context & Webtask.Callback) {}",
    ],
    [
      "module.exports = ({ query }, req: any, res) => {}",
      "module.exports = ({ query }: Webtask.Context, req: any, res: Webtask.Response) => {}",
    ],
    [
      "export default { async fetch(request, env) {} }",
      "export default { async fetch(request: globalThis.Request, env: Webtask.Env) {} }",
    ],
    ["export default async (ctx: Webtask.Context) => 1", "export default async (ctx: Webtask.Context) => 1"],
    ["export default cb => cb()", "export default cb => cb()"],
  ])("in TypeScript %s", (code, seen) => expect(annotated(code, annotations(code, true))).toBe(seen));

  test("goes right before the export, after its indent", () => {
    expect(annotations("a;\n  module.exports = cb => 1")[0]?.at).toBe(5);
  });
});

describe("offsets", () => {
  const note: Annotation[] = [{ at: 10, text: "12345" }];

  test("go in and come back", () => {
    for (const offset of [0, 9, 10, 11, 40]) expect(outward(inward(offset, note), note)).toBe(offset);
    expect(inward(9, note)).toBe(9);
    expect(inward(10, note)).toBe(15);
  });

  test("go past several and come back", () => {
    const notes: Annotation[] = [
      { at: 3, text: "ab" },
      { at: 5, text: "cdef" },
    ];
    for (const offset of [0, 2, 4, 6, 50]) expect(outward(inward(offset, notes), notes)).toBe(offset);
    expect(annotated("012345678", notes)).toBe("012ab34cdef5678");
    expect([3, 4, 5, 6, 7, 8, 10, 11, 12].map((offset) => outward(offset, notes))).toEqual([
      3, 3, 3, 4, 5, 5, 5, 5, 6,
    ]);
    expect(aboutTheCode([{ start: 4 }, { start: 5 }, { start: 8 }, { start: 11 }], notes)).toEqual([
      { start: 5 },
      { start: 11 },
    ]);
  });

  test("inside the annotation fall on its start", () => {
    expect([10, 12, 15].map((offset) => outward(offset, note))).toEqual([10, 10, 10]);
  });

  test("complaints about the annotation are dropped, the others stay", () => {
    const found = [{ start: 9 }, { start: 10 }, { start: 14 }, { start: 15 }, { message: "global" }];
    expect(aboutTheCode(found, note)).toEqual([{ start: 9 }, { start: 15 }, { message: "global" }]);
  });

  test("answers are mapped in the annotated file only, spans that cross it shrink", () => {
    const answer = {
      textSpan: { start: 20, length: 4 },
      across: { start: 5, length: 15 },
      hint: { position: 16 },
      other: [{ fileName: "b.js", textSpan: { start: 20, length: 4 } }],
    };
    expect(outwardAll(answer, (file) => (file === "a.js" ? note : []), "a.js")).toEqual({
      textSpan: { start: 15, length: 4 },
      across: { start: 5, length: 10 },
      hint: { position: 11 },
      other: [{ fileName: "b.js", textSpan: { start: 20, length: 4 } }],
    });
  });
});
