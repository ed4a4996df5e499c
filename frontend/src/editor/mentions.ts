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
  for (const match of text.matchAll(TAKEN)) found.push(...taken(match[1] ?? "", match.index + 1));
  return inOrder(found);
}

/** The names in a pattern `{ … }`, of which what is `inside` begins at `from`. */
export function taken(inside: string, from: number): Mention[] {
  // Before a colon or a default stands the name; three dots take what is left.
  return [...inside.matchAll(/(?:^|,)\s*([A-Za-z_$][\w$]*)/g)].map((part) => {
    const name = part[1] ?? "";
    const end = from + part.index + part[0].length;
    return { name, start: end - name.length, end };
  });
}

export function inOrder(found: Mention[]): Mention[] {
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

export function named(text: string, pattern: RegExp, group: number): Mention[] {
  return [...text.matchAll(pattern)].map((match) => {
    const name = match[group] ?? "";
    const start = match.index + match[0].lastIndexOf(name);
    return { name, start, end: start + name.length };
  });
}

/** As long as it was, so that every place stays; strings stay too. */
export function withoutComments(code: string): string {
  return code.replace(NOT_CODE, (part) => (part.startsWith("/") ? part.replace(/[^\n]/g, " ") : part));
}
