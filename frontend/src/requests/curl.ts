import type { RunRequest } from "../lib/types.ts";

/** The same request as a line for a shell. */
export function curl(url: string, request: RunRequest): string {
  const parts = ["curl"];
  if (request.method !== (request.body ? "POST" : "GET")) parts.push("-X", request.method);
  parts.push(quote(joined(url, request.path)));
  for (const [name, value] of request.headers) parts.push("-H", quote(`${name}: ${value}`));
  if (request.body) parts.push("--data-binary", quote(request.body));
  return parts.join(" ");
}

export function joined(url: string, path: string): string {
  if (!path || path === "/") return url;
  return url + (/^[/?]/.test(path) ? path : `/${path}`);
}

function quote(text: string): string {
  return /^[\w@%+=:,./~-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
