import type { VersionSummary } from "../lib/types.ts";

/** What a version on show is compared with; with null it is shown by itself. */
export type Against = number | "draft" | null;

/** The older and the newer of two versions; null is the draft, which follows all. */
export function pair(number: number, against: Against): [older: number, newer: number | null] {
  if (typeof against !== "number") return [number, null];
  return number < against ? [number, against] : [against, number];
}

/** What may be chosen, with its words. One that the address names and the page does not know is there too. */
export function choices(
  number: number,
  against: Against,
  versions: VersionSummary[],
): { value: string; words: string }[] {
  const numbers = versions.map((version) => version.number);
  if (number > 1 && !numbers.includes(number - 1)) numbers.push(number - 1);
  if (typeof against === "number" && !numbers.includes(against)) numbers.push(against);
  const others = numbers.filter((other) => other !== number).sort((one, other) => other - one);
  const live = versions.find((version) => version.live)?.number;
  const words = (other: number) =>
    `v${other}${other === live ? ", live" : other === number - 1 ? ", the one before" : ""}`;
  return [
    { value: "", words: "nothing" },
    { value: "draft", words: "your draft" },
    ...others.map((other) => ({ value: String(other), words: words(other) })),
  ];
}
