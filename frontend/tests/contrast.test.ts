import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const css = readFileSync(join(import.meta.dirname, "../src/ui/tokens.css"), "utf8");
const [plain = "", contrast = ""] = css.split('[data-theme="contrast"]');

type Palette = Record<string, string>;

/** The colours of one half of `light-dark()`, by token. */
function palette(text: string, half: 0 | 1): Palette {
  const pairs = [...text.matchAll(/--wt-([\w-]+): (?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}));/g)];
  return Object.fromEntries(pairs.map(([, name, ...found]) => [name, found[2] ?? found[half] ?? ""]));
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function ratio(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((first, second) => first - second);
  return (high + 0.05) / (low + 0.05);
}

const TEXTS = /^(text|accent$|good$|warn$|bad$)/;
const GROUNDS = /^(bg|accent-soft)/;
const CODE = /^code-(text|comment|keyword|string|number|type|function)$/;

function pairs(colours: Palette): [string, string][] {
  const names = Object.keys(colours);
  const on = (texts: RegExp, grounds: RegExp) =>
    names
      .filter((text) => texts.test(text))
      .flatMap((text) =>
        names.filter((ground) => grounds.test(ground)).map((ground): [string, string] => [text, ground]),
      );
  return [
    ...on(TEXTS, GROUNDS),
    ...on(CODE, /^(bg|code-line|code-selection|bad-soft)$/),
    ["on-accent", "accent-solid"],
    ["on-accent", "accent-solid-hover"],
    ["good", "good-soft"],
    ["warn", "warn-soft"],
    ["bad", "bad-soft"],
  ];
}

function below(colours: Palette, tested: [string, string][], least: number): string[] {
  return tested
    .map(([one, other]) => ({ one, other, is: ratio(colours[one] ?? "", colours[other] ?? "") }))
    .filter(({ is }) => !(is >= least))
    .map(({ one, other, is }) => `${one} on ${other}: ${is.toFixed(2)}`);
}

test.each([0, 1] as const)("the contrast theme, half %i: text 7:1, lines 4.5:1", (half) => {
  const colours = { ...palette(plain, half), ...palette(contrast, half) };
  expect(below(colours, pairs(colours), 7)).toEqual([]);
  const lines = ["line", "line-strong", "accent"].flatMap((line) =>
    Object.keys(colours)
      .filter((name) => name.startsWith("bg"))
      .map((ground): [string, string] => [line, ground]),
  );
  expect(below(colours, lines, 4.5)).toEqual([]);
});

test.each([0, 1] as const)("the ordinary themes, half %i: text 4.5:1", (half) => {
  const colours = palette(plain, half);
  expect(below(colours, pairs(colours), 4.5)).toEqual([]);
});
