/** A text put into the source for the compiler's eyes only. */
export interface Annotation {
  at: number;
  text: string;
}

const EXPORT =
  /(^|[;\n])([ \t]*)((?:module\.exports\s*=|export\s+default)\s*(async\s+)?(?:function\b[^(]*)?)(\(|[\w$]+\s*=>)/;
const FETCHER = /(^|[;\n])([ \t]*)(?:module\.exports\s*=|export\s+default)\s*\{/;
const TYPES = ["Webtask.WithCallback", "Webtask.WithContext", "Webtask.WithRequest"];

/**
 * Plain `module.exports = function (ctx, cb) {…}` tells the compiler nothing about `ctx`. This finds where a
 * JSDoc `@type` would go; null when the code says it itself or exports nothing of the kind.
 */
export function annotation(code: string): Annotation | null {
  const match = EXPORT.exec(code);
  if (!match) return fetcher(code);
  const arity = match[5] === "(" ? parameters(code, match.index + match[0].length) : 1;
  const type = arity === 1 && match[4] ? "Webtask.WithEither" : TYPES[arity - 1];
  return type ? note(code, match, type) : null;
}

function fetcher(code: string): Annotation | null {
  const match = FETCHER.exec(code);
  const rest = match ? code.slice(match.index + match[0].length) : "";
  return match && /(^|[\s,{])fetch\s*[(:]/.test(rest) ? note(code, match, "Webtask.Fetcher") : null;
}

function note(code: string, match: RegExpExecArray, type: string): Annotation | null {
  const at = match.index + (match[1] ?? "").length + (match[2] ?? "").length;
  return saysItself(code.slice(0, at)) ? null : { at, text: `/** @type {${type}} */ ` };
}

function saysItself(before: string): boolean {
  const trimmed = before.trimEnd();
  return trimmed.endsWith("*/") && /@(type|param)\b/.test(trimmed.slice(trimmed.lastIndexOf("/**")));
}

/** Counts the parameters of the list that starts at `from`, just after its opening parenthesis. */
function parameters(code: string, from: number): number {
  let depth = 0;
  let count = 0;
  let pending = false;
  for (let index = from; index < code.length; index++) {
    const char = code.charAt(index);
    if (char === ")" && depth === 0) return pending ? count + 1 : count;
    if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
    if (char === "," && depth === 0) {
      count++;
      pending = false;
    } else if (/\S/.test(char)) pending = true;
  }
  return 0;
}

/** From a place in what the person sees to the same place in what the compiler sees. */
export function inward(offset: number, { at, text }: Annotation): number {
  return offset < at ? offset : offset + text.length;
}

/** …and back. Places inside the annotation fall on its start. */
export function outward(offset: number, { at, text }: Annotation): number {
  return offset <= at ? offset : Math.max(at, offset - text.length);
}

/** Complaints about the annotation itself (an async function has another type) are not the person's. */
export function aboutTheCode<T>(diagnostics: T, { at, text }: Annotation): T {
  if (!Array.isArray(diagnostics)) return diagnostics;
  const inside = (start: unknown) => typeof start === "number" && start >= at && start < at + text.length;
  return diagnostics.filter(({ start }: { start?: unknown }) => !inside(start)) as T;
}

/** A copy of a compiler's answer with every span and position brought back to what the person sees. */
export function outwardAll<T>(answer: T, annotationOf: (file: string) => Annotation | null, file: string): T {
  const visit = (value: unknown, at: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => visit(item, at));
    if (typeof value !== "object" || value === null) return value;
    const fields = value as Record<string, unknown>;
    const here = typeof fields["fileName"] === "string" ? fields["fileName"] : at;
    const copy = Object.fromEntries(Object.entries(fields).map(([key, inner]) => [key, visit(inner, here)]));
    const note = annotationOf(here);
    return note ? shifted(copy, note) : copy;
  };
  return visit(answer, file) as T;
}

function shifted(fields: Record<string, unknown>, note: Annotation): Record<string, unknown> {
  const { start, length, position } = fields;
  if (typeof position === "number") fields["position"] = outward(position, note);
  if (typeof start !== "number") return fields;
  fields["start"] = outward(start, note);
  if (typeof length === "number") fields["length"] = outward(start + length, note) - outward(start, note);
  return fields;
}
