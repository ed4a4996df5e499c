import type { Header } from "../lib/types.ts";

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export interface ParsedHeaders {
  headers: Header[];
  /** Says which line cannot be read, and what a line looks like. */
  error: string;
}

/** "Name: value" lines, as people paste them from curl or a browser. */
export function parseHeaders(text: string): ParsedHeaders {
  const headers: Header[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (!line.trim()) continue;
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim();
    if (colon < 1 || !NAME.test(name)) {
      return { headers, error: `Line ${index + 1} is not “Name: value”.` };
    }
    headers.push([name, line.slice(colon + 1).trim()]);
  }
  return { headers, error: "" };
}
