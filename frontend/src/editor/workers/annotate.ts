import { type Exported, exported } from "./exported.ts";

/** A text put into the source for the compiler's eyes only. */
export interface Annotation {
  at: number;
  text: string;
}

const TYPES = ["Webtask.WithCallback", "Webtask.WithContext", "Webtask.WithRequest"];
const EITHER = "Webtask.Context & Webtask.Callback";
/** Of the parameters, by how many there are. */
const EACH = [
  ["Webtask.Callback"],
  ["Webtask.Context", "Webtask.Callback"],
  ["Webtask.Context", "Webtask.Request", "Webtask.Response"],
];
const FETCH = ["globalThis.Request", "Webtask.Env", "Webtask.FetchContext"];

/**
 * Plain `module.exports = function (ctx, cb) {…}` tells the compiler nothing about `ctx`. This finds what would: in JavaScript a
 * JSDoc `@type`, in TypeScript types of the parameters. None when the code says it itself or exports nothing of the kind.
 */
export function annotations(code: string, typescript = false): Annotation[] {
  const found = exported(code);
  if (!found || found.parameters.length > 3) return [];
  if (typescript) return ofParameters(found, (type) => ({ before: "", after: `: ${type}` }));
  if (saysItself(code.slice(0, found.at))) return [];
  if (!found.documented)
    return ofParameters(found, (type) => ({ before: `/** @type {${type}} */ `, after: "" }));
  const type = typeOf(found);
  return type ? [{ at: found.at, text: `/** @type {${type}} */ ` }] : [];
}

function typeOf({ kind, parameters, async }: Exported): string | undefined {
  if (kind === "object") return "Webtask.Fetcher";
  return parameters.length === 1 && async ? "Webtask.WithEither" : TYPES[parameters.length - 1];
}

function ofParameters(
  { kind, parameters, async }: Exported,
  put: (type: string) => { before: string; after: string },
): Annotation[] {
  const types =
    kind === "object" ? FETCH : parameters.length === 1 && async ? [EITHER] : EACH[parameters.length - 1];
  return parameters.flatMap(({ start, end, typed }, index) => {
    const { before, after } = put(types?.[index] ?? "any");
    return typed ? [] : [before ? { at: start, text: before } : { at: end, text: after }];
  });
}

function saysItself(before: string): boolean {
  const trimmed = before.trimEnd();
  return trimmed.endsWith("*/") && /@(type|param)\b/.test(trimmed.slice(trimmed.lastIndexOf("/**")));
}

/** The text as the compiler sees it. */
export function annotated(code: string, notes: readonly Annotation[]): string {
  let at = 0;
  const parts = notes.map((note) => code.slice(at, (at = note.at)) + note.text);
  return parts.join("") + code.slice(at);
}

/** From a place in what the person sees to the same place in what the compiler sees. */
export function inward(offset: number, notes: readonly Annotation[]): number {
  return notes.reduce((moved, { at, text }) => (offset < at ? moved : moved + text.length), offset);
}

/** …and back. Places inside an annotation fall on its start. */
export function outward(offset: number, notes: readonly Annotation[]): number {
  let before = 0;
  for (const { at, text } of notes) {
    if (offset - before <= at) break;
    if (offset - before < at + text.length) return at;
    before += text.length;
  }
  return offset - before;
}

/** Complaints about the annotation itself (an async function has another type) are not the person's. */
export function aboutTheCode<T>(diagnostics: T, notes: readonly Annotation[]): T {
  if (!Array.isArray(diagnostics)) return diagnostics;
  const spans = notes.map(({ at, text }) => ({ from: inward(at, notes) - text.length, length: text.length }));
  const inside = (start: unknown) =>
    typeof start === "number" && spans.some(({ from, length }) => start >= from && start < from + length);
  return diagnostics.filter(({ start }: { start?: unknown }) => !inside(start)) as T;
}

/** A copy of a compiler's answer with every span and position brought back to what the person sees. */
export function outwardAll<T>(answer: T, notesOf: (file: string) => readonly Annotation[], file: string): T {
  const visit = (value: unknown, at: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => visit(item, at));
    if (typeof value !== "object" || value === null) return value;
    const fields = value as Record<string, unknown>;
    const here = typeof fields["fileName"] === "string" ? fields["fileName"] : at;
    const copy = Object.fromEntries(Object.entries(fields).map(([key, inner]) => [key, visit(inner, here)]));
    const notes = notesOf(here);
    return notes.length ? shifted(copy, notes) : copy;
  };
  return visit(answer, file) as T;
}

function shifted(fields: Record<string, unknown>, notes: readonly Annotation[]): Record<string, unknown> {
  const { start, length, position } = fields;
  if (typeof position === "number") fields["position"] = outward(position, notes);
  if (typeof start !== "number") return fields;
  fields["start"] = outward(start, notes);
  if (typeof length === "number") fields["length"] = outward(start + length, notes) - outward(start, notes);
  return fields;
}
