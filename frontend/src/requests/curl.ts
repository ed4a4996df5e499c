import type { RunRequest } from "../lib/types.ts";

/** The same request as a line for a shell. */
export function curl(url: string, request: RunRequest): string {
  const parts = ["curl"];
  const target = joined(url, request.path);
  if (request.method === "HEAD") parts.push("-I");
  else if (request.method !== (request.body ? "POST" : "GET")) parts.push("-X", request.method);
  // To curl these are patterns.
  if (/[[\]{}]/.test(target)) parts.push("-g");
  parts.push(quote(target));
  // Only “Name;” sends an empty one to curl; “Name:” takes away its own.
  for (const [name, value] of request.headers)
    parts.push("-H", quote(value ? `${name}: ${value}` : `${name};`));
  if (request.body && !request.headers.some(([name]) => name.toLowerCase() === "content-type"))
    parts.push("-H", "Content-Type:");
  if (request.body) parts.push("--data-raw", quote(request.body));
  return parts.join(" ");
}

export function joined(url: string, path: string): string {
  if (!path || path === "/") return url;
  return url + (/^[/?]/.test(path) ? path : `/${path}`);
}

function quote(text: string): string {
  return /^[\w@%+=:,./~-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Whether what is pasted is a command rather than a path. */
export function looksLikeCurl(text: string): boolean {
  return /^\s*(?:\$\s+)?curl(?:\.exe)?\s/.test(text);
}
