import { expect, test } from "vitest";

import { chordOf, teamKey } from "./keys.ts";

const press = (key: string, held: string[] = [], { code = "", mac = false } = {}) =>
  chordOf(
    {
      key,
      code,
      ctrlKey: held.includes("ctrl"),
      metaKey: held.includes("meta"),
      shiftKey: held.includes("shift"),
      altKey: held.includes("alt"),
      getModifierState: (name) => held.includes(name),
    },
    mac,
  );

test.each([
  ["Enter", ["ctrl"], "Ctrl+Enter"],
  ["Enter", ["meta"], "Ctrl+Enter"],
  ["Enter", ["ctrl", "shift"], "Ctrl+Shift+Enter"],
  ["s", ["ctrl"], "Ctrl+S"],
  ["J", ["ctrl"], "Ctrl+J"],
  ["D", ["ctrl", "shift"], "Ctrl+Shift+D"],
  ["F6", ["shift"], "Shift+F6"],
  ["?", ["shift"], "?"],
  ["?", [], "?"],
])("%s with %j is %s", (key, held, chord) => expect(press(key, held)).toBe(chord));

test("with Alt, and on layouts that are not Latin, it is the place of the key that counts", () => {
  expect(press("¡", ["alt"], { code: "Digit1" })).toBe("Alt+1");
  expect(press("®", ["meta", "alt"], { code: "KeyR", mac: true })).toBe("Ctrl+Alt+R");
  expect(press("л", ["ctrl"], { code: "KeyK" })).toBe("Ctrl+K");
});

test("AltGr types letters", () => expect(press("r", ["ctrl", "alt", "AltGraph"])).toBeNull());

test("Ctrl and a letter move in a text on a Mac, where ⌘ is the key of commands", () => {
  expect(press("k", ["ctrl"], { mac: true })).toBeNull();
  expect(press("k", ["meta"], { mac: true })).toBe("Ctrl+K");
  expect(press("Enter", ["ctrl"], { mac: true })).toBe("Ctrl+Enter");
});

const held = { ctrlKey: false, metaKey: false, shiftKey: true, altKey: true };

test.each([
  ["KeyS", "list"],
  ["Digit1", "1"],
  ["Digit9", "9"],
  ["Digit0", null],
  ["KeyT", null],
])("Alt+Shift+%s leads to %s", (code, to) => expect(teamKey({ code, ...held })).toBe(to));

test("AltGr, which types letters, switches no team", () => {
  expect(teamKey({ code: "KeyS", ...held, ctrlKey: true })).toBeNull();
  expect(teamKey({ code: "KeyS", ...held, shiftKey: false })).toBeNull();
});
