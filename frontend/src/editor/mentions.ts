/** A name that code says, and where: offsets into its text. */
export interface Mention {
  name: string;
  start: number;
  end: number;
}

const NOT_CODE =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g;
const DOTTED = /\.secrets\s*\??\.\s*([A-Za-z_$][\w$]*)/g;
const QUOTED = /\.secrets\s*(?:\?\.)?\[\s*(["'])([^"'\\\n]+)\1\s*\]/g;
const TAKEN = /\{([^{}]*)\}\s*=\s*[\w$.]+\.secrets\b(?!\s*[.[(])/g;
const REQUEST = /(?:\brequire\s*\(|\bimport\s*\(|\bfrom\b|\bimport\b)\s*(["'])([^"'\\\n]+)\1/g;

/** The secrets that code asks its context for. */
export function secretsIn(code: string): Mention[] {
  const text = withoutComments(code);
  const found = [...named(text, DOTTED, 1), ...named(text, QUOTED, 2)];
  for (const match of text.matchAll(TAKEN)) {
    const inside = match[1] ?? "";
    const from = match.index + 1;
    // Before a colon or a default stands the name; three dots take what is left.
    for (const part of inside.matchAll(/(?:^|,)\s*([A-Za-z_$][\w$]*)/g)) {
      const start = from + part.index + part[0].length - (part[1] ?? "").length;
      found.push({ name: part[1] ?? "", start, end: start + (part[1] ?? "").length });
    }
  }
  return found.sort((one, other) => one.start - other.start);
}

/** What code loads, by `require` or `import`, as it stands there. */
export function requestsIn(code: string): Mention[] {
  return named(withoutComments(code), REQUEST, 2);
}

/** "@scope/name/file" is of the package "@scope/name"; null for what is no package. */
export function packageOf(request: string): string | null {
  if (/^[./#]|^[a-z]+:/.test(request)) return null;
  return /^(@[^/]+\/[^/]+|[^@/][^/]*)/.exec(request)?.[1] ?? null;
}

function named(text: string, pattern: RegExp, group: number): Mention[] {
  return [...text.matchAll(pattern)].map((match) => {
    const name = match[group] ?? "";
    const start = match.index + match[0].lastIndexOf(name);
    return { name, start, end: start + name.length };
  });
}

/** As long as it was, so that every place stays; strings stay too. */
function withoutComments(code: string): string {
  return code.replace(NOT_CODE, (part) => (part.startsWith("/") ? part.replace(/[^\n]/g, " ") : part));
}
