import { byteLength } from "../lib/format.ts";
import type { Header, RunResult } from "../lib/types.ts";

const PRETTY_LIMIT = 512 * 1024;

/** JSON indented for reading; null when there is nothing to make prettier. */
export function pretty(result: RunResult): string | null {
  if (result.body_encoding !== "utf-8" || result.truncated || result.body.length > PRETTY_LIMIT) return null;
  if (!/^\s*[[{]/.test(result.body)) return null;
  try {
    const text = JSON.stringify(JSON.parse(result.body), null, 2);
    return text === result.body ? null : text;
  } catch {
    return null;
  }
}

/** Whether it is a page that can be looked at as one. */
export function isPage(result: RunResult): boolean {
  const [type = ""] = contentType(result.headers).split(";");
  const html = type.trim().toLowerCase() === "text/html";
  return html && result.body_encoding === "utf-8" && !result.truncated && result.body !== "";
}

/** A page that resolves relative addresses as it would at `base`, which is not where it is shown. */
export function based(html: string, base: string): string {
  if (/<base\b/i.test(html)) return html;
  const kind = /^(?:\s|<!--.*?-->)*<!doctype[^>]*>/is.exec(html)?.[0] ?? "";
  return `${kind}<base href="${base.replace(/[&"<]/g, (letter) => `&#${letter.charCodeAt(0)};`)}">${html.slice(kind.length)}`;
}

export interface Failure {
  message: string;
  stack: string;
}

/** What the script's own error says, out of the answer the protocol makes of it; null for any other answer. */
export function failure(result: RunResult): Failure | null {
  if (result.status < 400 || result.body_encoding !== "utf-8" || result.truncated) return null;
  try {
    const body = JSON.parse(result.body) as Partial<Failure>;
    return typeof body.stack === "string" && typeof body.message === "string"
      ? { message: body.message, stack: body.stack }
      : null;
  } catch {
    return null;
  }
}

export function size(result: RunResult): number {
  if (result.body_encoding === "utf-8") return byteLength(result.body);
  return (result.body.length / 4) * 3 - (/=*$/.exec(result.body)?.[0].length ?? 0);
}

export function contentType(headers: Header[]): string {
  return headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
}
