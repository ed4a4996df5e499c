import { describe, expect, test } from "vitest";

import { aboutTheCode, type Annotation, annotation, inward, outward, outwardAll } from "./annotate.ts";

const typeOf = (code: string) => /\{(.*)\}/.exec(annotation(code)?.text ?? "")?.[1] ?? null;

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
  ])("none for %s", (_, code) => expect(annotation(code)).toBeNull());

  test("goes right before the export, after its indent", () => {
    expect(annotation("a;\n  module.exports = cb => 1")?.at).toBe(5);
  });
});

describe("offsets", () => {
  const note: Annotation = { at: 10, text: "12345" };

  test("go in and come back", () => {
    for (const offset of [0, 9, 10, 11, 40]) expect(outward(inward(offset, note), note)).toBe(offset);
    expect(inward(9, note)).toBe(9);
    expect(inward(10, note)).toBe(15);
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
    expect(outwardAll(answer, (file) => (file === "a.js" ? note : null), "a.js")).toEqual({
      textSpan: { start: 15, length: 4 },
      across: { start: 5, length: 10 },
      hint: { position: 11 },
      other: [{ fileName: "b.js", textSpan: { start: 20, length: 4 } }],
    });
  });
});
