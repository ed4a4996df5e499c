import { entryOf } from "../../lib/entry.ts";

/** Where a webtask's file lies for the compiler: `/draft/acme/hello/lib/x.js`. One folder per webtask and side. */
export function placeOf(side: string, webtask: string, path: string): string {
  return `/${side}/${webtask}/${path}`;
}

/** Whether it is the webtask's own code. */
export function isEntry(uri: string): boolean {
  const [, , webtask = "", ...path] = uri
    .replace(/^file:\/\/\//, "/")
    .split("/")
    .slice(1);
  return path.length === 1 && path[0] === entryOf(webtask);
}
