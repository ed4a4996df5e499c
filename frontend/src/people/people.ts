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

/** "is editing line 14". */
export function doing({ editing, line }: Present): string {
  if (!editing) return "is looking";
  return line === null ? "is editing" : `is editing line ${line}`;
}

/** All of them in one sentence. */
export function sentence(people: Present[]): string {
  return people.map((person) => `${person.name} ${doing(person)}`).join(", ");
}
