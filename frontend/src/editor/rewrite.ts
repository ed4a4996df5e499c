import { isCode } from "../lib/entry.ts";
import { type Content, ordered, textOf, withText } from "./content.ts";
import { requestsIn } from "./mentions.ts";
import { requested, requestFor } from "./paths.ts";

export interface Rename {
  from: string;
  to: string;
}

/** What loads a file by its old name, and the content in which it does so by the new one; null when nothing does. */
export interface Rewrite {
  paths: string[];
  content: Content;
}

/**
 * Of a content in which the file has its new name already. The file's own requests are relative to where it was, so they count as
 * well. What leads to the right file again is left alone, so it can be asked as often as one likes.
 */
export function rewriteFor(content: Content, { from, to }: Rename, entry: string): Rewrite | null {
  const now = ordered(content.files, entry);
  if (!now.includes(to) || now.includes(from)) return null;
  const before = now.map((path) => (path === to ? from : path));
  const found: Rewrite = { paths: [], content };
  for (const path of now.filter(isCode)) {
    const text = textOf(content, path, entry) ?? "";
    const next = withRequests(text, (request) => {
      const old = requested(path === to ? from : path, request, before);
      const wanted = old === from ? to : old;
      if (wanted === null || requested(path, request, now) === wanted) return request;
      return requestFor(path, wanted, now, omits(request, old));
    });
    if (next === text) continue;
    found.paths.push(path);
    found.content = withText(found.content, path, next, entry);
  }
  return found.paths.length ? found : null;
}

/** Whether a request leaves out how the name of its file ends. */
function omits(request: string, path: string | null): boolean {
  return !request.endsWith(path?.split("/").at(-1) ?? "");
}

function withRequests(text: string, next: (request: string) => string): string {
  let from = 0;
  const parts = requestsIn(text).flatMap(({ name, start, end }) => {
    if (!/^\.\.?(\/|$)/.test(name)) return [];
    const before = text.slice(from, start);
    from = end;
    return [before, next(name)];
  });
  return [...parts, text.slice(from)].join("");
}

/** What is left as it was by a rename, in words. */
export function stillSays({ from, to }: Rename, { paths }: Rewrite): string {
  const others = paths.filter((path) => path !== to);
  const folder = from.includes("/") ? from.slice(0, from.lastIndexOf("/")) : "the first folder";
  return [
    others.length ? `${others.join(", ")} still ${others.length === 1 ? "loads" : "load"} ${from}.` : "",
    others.length < paths.length ? `${to} still loads other files as from ${folder}.` : "",
  ]
    .filter(Boolean)
    .join(" ");
}
