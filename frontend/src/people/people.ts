import type { Flag } from "../editor/port.ts";
import type { Present } from "../lib/live.ts";

/** How many colours there are: Avatar.svelte has them. */
export const TONES = 5;

/** One or two letters: of the first and the last word of a name, or the first of an address. */
export function initials(name: string): string {
  const words =
    name
      .split("@", 1)[0]
      ?.split(/[\s._-]+/)
      .filter(Boolean) ?? [];
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join("") || "?";
}

/** The same for one person wherever they are seen. */
export function toneOf(id: number): number {
  return id % TONES;
}

/** "is editing line 14", "is editing line 14 of lib/add.js". */
export function doing({ editing, line, file }: Present): string {
  if (!editing) return "is looking";
  const where = line === null ? "" : ` line ${line}${file ? " of" : ""}`;
  return `is editing${where}${file ? ` ${file}` : ""}`;
}

/** All of them in one sentence. */
export function sentence(people: Present[]): string {
  return people.map((person) => `${person.name} ${doing(person)}`).join(", ");
}

/** Where they type, for the editor. */
export function flagsOf(people: Present[], entry: string): Flag[] {
  return people.flatMap(({ id, name, editing, line, file }) =>
    editing && line !== null ? [{ path: file ?? entry, line, name, tone: toneOf(id) }] : [],
  );
}
