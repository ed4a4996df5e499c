import { describe, expect, test } from "vitest";

import type { Content } from "./content.ts";
import { common, linesOf } from "./lines.ts";
import { type Choice, chosen, type Hunk, join, merge, mergeText } from "./merge.ts";

const text = (words: string) => words.split(" ").filter(Boolean).join("\n") + (words ? "\n" : "");
const origins = (hunks: Hunk[]) => hunks.map(({ origin }) => origin);
const result = (hunks: Hunk[], choice?: Choice) => join(hunks.map((hunk) => chosen(hunk, choice)));

describe("lines", () => {
  test.each(["", "a", "a\n", "a\n\nb", "a\r\nb\r\n", "\n\n"])("%j is its lines again", (whole) => {
    expect(linesOf(whole).join("")).toBe(whole);
  });

  test("the longest common run of a known pair", () => {
    const runs = common([..."abcabba"], [..."cbabac"]);
    expect(runs.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(4);
  });
});

describe("a text", () => {
  const base = text("a b c d e f g");

  test("changes in different places go together", () => {
    const hunks = mergeText(base, text("a B c d e f g"), text("a b c d e F g h"));
    expect(origins(hunks)).toEqual(["same", "theirs", "same", "yours", "same", "yours"]);
    expect(result(hunks)).toBe(text("a B c d e F g h"));
  });

  test("changes of one line are a conflict, with what each has", () => {
    const hunks = mergeText(base, text("a b c D1 e f g"), text("a b c D2 e f g"));
    expect(hunks[1]).toEqual({ origin: "conflict", base: "d\n", theirs: "D1\n", yours: "D2\n" });
    expect(result(hunks, "theirs")).toBe(text("a b c D1 e f g"));
    expect(chosen(hunks[1] as Hunk, "both")).toBe("D1\nD2\n");
  });

  test("the same change on both sides is no conflict", () => {
    const hunks = mergeText(base, text("a X c d e f g"), text("a X c d e f g"));
    expect(origins(hunks)).toEqual(["same", "alike", "same"]);
  });

  test("both added to the end of a text whose last line has none: not glued", () => {
    const hunks = mergeText("a\n", "a\nb", "a\nc");
    expect(result(hunks, "both")).toBe("a\nb\nc");
  });

  test("deleted here, changed there", () => {
    expect(origins(mergeText(base, text("a b c D e f g"), text("a b c e f g")))).toContain("conflict");
    expect(result(mergeText(base, text("a b c d e f g"), text("a b c e f g")))).toBe(text("a b c e f g"));
  });

  test("nothing in common at all", () => {
    expect(origins(mergeText("", "a\n", "b\n"))).toEqual(["conflict"]);
    expect(mergeText("", "", "")).toEqual([]);
  });

  test("texts too different to compare line by line are still both whole", () => {
    const long = (mark: string) => Array.from({ length: 4000 }, (_, line) => `${mark}${line}\n`).join("");
    const hunks = mergeText(long("a"), long("b"), long("c"));
    expect(origins(hunks)).toEqual(["conflict"]);
    expect(result(hunks, "theirs")).toBe(long("b"));
  });
});

describe("files", () => {
  const content = (code: string, files: Content["files"] = {}): Content => ({ code, files });
  const kinds = (...three: [Content, Content, Content]) =>
    Object.fromEntries(merge(...three).map(({ path, hunks }) => [path, origins(hunks)]));
  const left = (...three: [Content, Content, Content]) =>
    Object.fromEntries(merge(...three).map(({ path, hunks }) => [path, result(hunks)]));

  test("each by itself, added by one or removed by one", () => {
    const three: [Content, Content, Content] = [
      content("x\n", { "both.js": "a\n", "gone.js": "g\n", "mine-gone.js": "m\n" }),
      content("x\n", { "both.js": "a\nb\n", "new.js": "n\n", "mine-gone.js": "m\n" }),
      content("y\n", { "both.js": "a\n", "gone.js": "g\n" }),
    ];
    expect(left(...three)).toEqual({
      "": "y\n",
      "both.js": "a\nb\n",
      "gone.js": null,
      "mine-gone.js": null,
      "new.js": "n\n",
    });
  });

  test("removed by one and changed by the other is a conflict", () => {
    const three: [Content, Content, Content] = [
      content("", { "a.js": "1\n" }),
      content("", {}),
      content("", { "a.js": "2\n" }),
    ];
    expect(kinds(...three)["a.js"]).toEqual(["conflict"]);
    const [, file] = merge(...three);
    expect(result(file?.hunks ?? [], "theirs")).toBeNull();
    expect(result(file?.hunks ?? [], "both")).toBe("2\n");
  });

  test("empty in both stays", () => {
    const empty = content("", { "a.js": "" });
    expect(left(empty, empty, empty)).toEqual({ "": null, "a.js": "" });
  });

  test("added by both, differently", () => {
    expect(
      kinds(content(""), content("", { "a.js": "1\n" }), content("", { "a.js": "2\n" }))["a.js"],
    ).toEqual(["conflict"]);
  });
});

describe("drawn at random", () => {
  const SEED = Number(process.env.SEED ?? Date.now());
  const random = mulberry(SEED);
  const pick = (count: number) => Math.floor(random() * count);
  const draw = () => Array.from({ length: pick(12) }, () => "abcd"[pick(4)]);
  const lines = (words: (string | undefined)[]) =>
    words.join("\n") + (random() < 0.7 && words.length ? "\n" : "");
  const edited = (words: (string | undefined)[]) => {
    const copy = [...words];
    for (let edits = pick(4); edits > 0; edits--)
      copy.splice(pick(copy.length + 1), pick(3), ...Array.from({ length: pick(3) }, () => "abxy"[pick(4)]));
    return copy;
  };

  test.each(Array.from({ length: 400 }, (_, index) => index))(`case %i of seed ${SEED}`, () => {
    const words = draw();
    const [base, theirs, yours] = [lines(words), lines(edited(words)), lines(edited(words))];
    const hunks = mergeText(base, theirs, yours);
    // Nothing of any of the three is missing or twice.
    expect(hunks.map((hunk) => hunk.base).join("")).toBe(base);
    expect(result(hunks, "theirs")).toBe(theirs || (hunks.length ? "" : null));
    expect(result(hunks, "yours")).toBe(yours || (hunks.length ? "" : null));
    // The sides are equal: whose is whose changes nothing but the names.
    const turned = mergeText(base, yours, theirs).map((hunk) => ({
      ...hunk,
      theirs: hunk.yours,
      yours: hunk.theirs,
      origin: { theirs: "yours", yours: "theirs" }[hunk.origin as string] ?? hunk.origin,
    }));
    expect(turned).toEqual(hunks);
    // Who changed nothing gets the other's; two who agree agree.
    expect(result(mergeText(base, theirs, base)) ?? "").toBe(theirs);
    expect(result(mergeText(base, base, yours)) ?? "").toBe(yours);
    expect(origins(mergeText(base, yours, yours))).not.toContain("conflict");
  });
});

function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
