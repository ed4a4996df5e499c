import type { Difference } from "../lib/types.ts";

const SETTINGS: Record<string, string> = {
  runtime: "Runtime",
  url: "Code at",
  host: "Custom domain",
  parse_body: "Parse the body",
  merge_body: "Merge the body into the data",
};
/** As the protocol numbers them. */
const PARSE = ["never", "always", "by the function's arity"];
const MOST = 80;

export function settingWords(name: string): string {
  return SETTINGS[name] ?? name;
}

/** “4.17.20 → 4.17.21”, “4.17.21, added”, “4.17.20, removed”. */
export function differenceWords({ name, before, after }: Difference): string {
  const [old, now] = [before, after].map((value) => value && valueWords(name, value));
  if (!old) return `${now ?? ""}, added`;
  return now ? `${old} → ${now}` : `${old}, removed`;
}

function valueWords(name: string, value: string): string {
  if (name === "parse_body") return PARSE[Number(value)] ?? value;
  if (name === "merge_body") return value === "0" ? "no" : "yes";
  return value.length > MOST ? `${value.slice(0, MOST)}…` : value;
}
