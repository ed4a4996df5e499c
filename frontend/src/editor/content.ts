import { byteLength } from "../lib/format.ts";
import type { Draft } from "../lib/types.ts";

/** What a person writes: the webtask's code, and the files beside it by path ("lib/x.js"). */
export interface Content {
  code: string;
  files: Record<string, string>;
}

export const EMPTY: Content = { code: "", files: {} };
/** Of whoever may not see the code. */
export const NO_DRAFT: Draft = { ...EMPTY, base: null, etag: "", saved_at: null };

/** Of anything that holds a content among others. */
export function contentOf({ code, files }: Content): Content {
  return { code, files };
}

export function same(one: Content, other: Content): boolean {
  const paths = Object.keys(one.files);
  return (
    one.code === other.code &&
    paths.length === Object.keys(other.files).length &&
    paths.every((path) => one.files[path] === other.files[path])
  );
}

/** UTF-8 bytes, as the server counts them: all texts, and a line break between each two. */
export function sizeOf({ code, files }: Content): number {
  return Object.values(files).reduce((sum, text) => sum + 1 + byteLength(text), byteLength(code));
}

/** `entry` is what the code itself is called. */
export function textOf({ code, files }: Content, path: string, entry: string): string | undefined {
  return path === entry ? code : Object.hasOwn(files, path) ? files[path] : undefined;
}

export function withText(content: Content, path: string, text: string, entry: string): Content {
  if (path === entry) return { ...content, code: text };
  return { ...content, files: { ...content.files, [path]: text } };
}

/** The entry, then the others by name. */
export function ordered(files: Content["files"], entry: string): string[] {
  return [entry, ...Object.keys(files).sort()];
}
