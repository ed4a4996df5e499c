import { isCode } from "../lib/entry.ts";

/** What a request may leave out, as executor/guest/node/sources.js has it. */
const MAY_OMIT = [
  ...["", ".js", ".cjs", ".mjs", ".ts", ".mts", ".cts", ".json"],
  ...["/index.js", "/index.ts", "/index.json"],
];

export type Kind = "javascript" | "typescript" | "json" | "text";

export function kindOf(path: string): Kind {
  if (path.endsWith(".json")) return "json";
  if (!isCode(path)) return "text";
  return /\.[cm]?ts$/.test(path) ? "typescript" : "javascript";
}

/** What the editor calls it. */
export function languageOf(path: string): string {
  const kind = kindOf(path);
  return kind === "text" ? "plaintext" : kind;
}

/** The file that a relative request means, as the guest finds it; null when there is none. */
export function requested(from: string, request: string, paths: Iterable<string>): string | null {
  const there = new Set(paths);
  const parts = from.split("/").slice(0, -1);
  for (const part of request.split("/")) {
    if (part === ".." && parts.pop() === undefined) return null;
    else if (part !== ".." && part !== "." && part !== "") parts.push(part);
  }
  const wanted = parts.join("/");
  const ending = MAY_OMIT.find((end) => there.has(wanted + end));
  return ending === undefined ? null : wanted + ending;
}

/** How a file asks for another: relative, and where it `omits` the ending without one, if that leads to the same. */
export function requestFor(from: string, to: string, paths: readonly string[], omits: boolean): string {
  const [here, there] = [from.split("/").slice(0, -1), to.split("/")];
  while (here.length && there.length > 1 && here[0] === there[0])
    [here, there].forEach((parts) => parts.shift());
  const whole = [...(here.length ? here.map(() => "..") : ["."]), ...there].join("/");
  const shorter = MAY_OMIT.filter((end) => end && whole.endsWith(end)).map((end) =>
    whole.slice(0, -end.length),
  );
  const fits = shorter.filter((request) => requested(from, request, paths) === to);
  return (omits && fits.sort((one, other) => one.length - other.length)[0]) || whole;
}
