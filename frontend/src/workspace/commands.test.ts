import { expect, test } from "vitest";

import type { Boot } from "../lib/boot.ts";
import { commandOf, COMMANDS, commandsOf } from "./commands.ts";

const boot = (allowed: string[], team: string | null = "/t/acme") =>
  ({ webtask: { allowed }, paths: { team } }) as unknown as Boot;

test("an id and a key belong to one command", () => {
  const ids = COMMANDS.map(({ id }) => id);
  const keys = COMMANDS.flatMap((command) => command.keys);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(keys).size).toBe(keys.length);
});

test("what the browser keeps is taken by none", () => {
  const kept = ["R", "T", "W", "N", "L"].flatMap((key) => [`Ctrl+${key}`]);
  expect(COMMANDS.filter(({ keys }) => keys.some((key) => kept.includes(key)))).toEqual([]);
});

test.each([
  ["Ctrl+Enter", "run"],
  ["Ctrl+Shift+Enter", "publish"],
  ["Ctrl+S", "save"],
  ["Ctrl+K", "palette"],
  ["F1", "palette"],
  ["Ctrl+P", "webtasks"],
  ["Ctrl+J", "drawer"],
  ["Ctrl+B", "rail"],
  ["Ctrl+Shift+D", "view-changes"],
  ["Ctrl+Shift+L", "view-logs"],
  ["Alt+1", "view-code"],
  ["F6", "next-region"],
  ["Shift+F6", "previous-region"],
  ["F8", "problem"],
  ["Ctrl+Alt+R", "replay"],
  ["?", "keyboard"],
])("%s is %s", (chord, id) => expect(commandOf(chord)?.id).toBe(id));

test("what types a letter is no command", () => {
  expect(commandOf("S")).toBeNull();
  expect(commandOf(null)).toBeNull();
});

test("offered is what is allowed, and a view under the name it has here", () => {
  const found = commandsOf(boot(["webtask.view", "webtask.run"], null));
  const ids = found.map(({ id }) => id);
  expect(ids).toContain("run");
  expect(ids).not.toContain("publish");
  expect(ids).not.toContain("view-changes");
  expect(found.find(({ id }) => id === "view-code")?.words).toBe("Run");
});

test("every command has words", () => {
  const all = boot(
    COMMANDS.map(({ needs }) => needs ?? "webtask.view").concat(["webtask.code", "webtask.logs"]),
  );
  expect(commandsOf(all).filter(({ words }) => words === "")).toEqual([]);
});
