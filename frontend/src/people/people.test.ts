import { expect, test } from "vitest";

import { doing, flagsOf, initials, sentence, TONES, toneOf } from "./people.ts";

test.each([
  ["Ada Lovelace", "AL"],
  ["Bo", "B"],
  ["ada.king-noel@example.com", "AN"],
  ["bob@example.com", "B"],
  ["Anna Maria von Trapp", "AT"],
  ["Ünal", "Ü"],
  ["👩 Ada", "👩A"],
  ["", "?"],
  ["@", "?"],
])("%s is %s in a circle", (name, letters) => expect(initials(name)).toBe(letters));

test("a person has one colour", () => {
  const tones = [1, 2, 3, 4, 5, 6].map(toneOf);
  expect(new Set(tones).size).toBe(TONES);
  expect(tones[0]).toBe(tones[5]);
});

test("what they do is said in words", () => {
  const [bo, cy] = [
    { id: 1, name: "Bo", editing: true, line: 14, file: null },
    { id: 2, name: "Cy", editing: false, line: null, file: null },
  ];
  expect(doing({ ...bo, line: null })).toBe("is editing");
  expect(doing({ ...bo, file: "lib/add.js" })).toBe("is editing line 14 of lib/add.js");
  expect(doing({ ...bo, line: null, file: "lib/add.js" })).toBe("is editing lib/add.js");
  expect(sentence([bo, cy])).toBe("Bo is editing line 14, Cy is looking");
  // Who looks, or says no line, has no flag.
  expect(flagsOf([bo, cy, { ...bo, line: null }, { ...bo, file: "lib/add.js" }], "hello.js")).toEqual([
    { path: "hello.js", line: 14, name: "Bo", tone: 1 },
    { path: "lib/add.js", line: 14, name: "Bo", tone: 1 },
  ]);
});
