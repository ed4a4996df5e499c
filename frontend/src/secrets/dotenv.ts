/** What a `.env` file sets, and which of its lines make no sense. Pure. */
export interface Dotenv {
  /** By name, in the file's order; of a name that stands twice the last value. */
  values: Map<string, string>;
  wrong: Mistake[];
}

export interface Mistake {
  /** Counted from 1. */
  line: number;
  words: string;
}

const HEAD = /^\s*(?:export\s+)?([^=\s]+)\s*=[^\S\n]*/;
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t" };

/**
 * As the usual tools read it: comments, `export`, single quotes and backticks as they stand, double quotes with `\n`, values
 * of several lines in quotes. A `#` begins a comment after a space only, so that no password is cut. Nothing is put in the
 * place of `$NAME`.
 */
export function parseDotenv(text: string): Dotenv {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  const found: Dotenv = { values: new Map(), wrong: [] };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (/^\s*(#|$)/.test(line)) continue;
    const head = HEAD.exec(line);
    const name = head?.[1] ?? "";
    if (!head) {
      found.wrong.push({ line: at + 1, words: "there is no = after a name" });
    } else if (!NAME.test(name)) {
      found.wrong.push({ line: at + 1, words: "a name has letters, digits and _ . - only" });
    } else {
      const value = readValue(lines, at, line.slice(head[0].length));
      if ("words" in value) found.wrong.push({ line: at + 1, words: value.words });
      else found.values.set(name, value.text);
      at = value.last;
    }
  }
  return found;
}

type Value = { text: string; last: number } | { words: string; last: number };

/** The value that begins with `rest`, on line `at`; `last` is the line that it ends on. */
function readValue(lines: string[], at: number, rest: string): Value {
  const quote = rest[0] ?? "";
  if (!`"'\``.includes(quote) || quote === "")
    return { text: rest.replace(/(^|\s)#.*$/, "").trim(), last: at };
  let inside = rest.slice(1);
  for (let last = at; last < lines.length; last++) {
    if (last > at) inside += `\n${lines[last] ?? ""}`;
    const end = closing(inside, quote);
    if (end < 0) continue;
    const after = inside.slice(end + 1);
    if (!/^\s*(#.*)?$/.test(after)) return { words: "something follows the closing quote", last };
    return { text: quote === '"' ? unescaped(inside.slice(0, end)) : inside.slice(0, end), last };
  }
  // The lines below are read on their own: one forgotten quote does not swallow the rest.
  return { words: "the quote is not closed", last: at };
}

function closing(text: string, quote: string): number {
  if (quote !== '"') return text.indexOf(quote);
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return -1;
}

function unescaped(text: string): string {
  return text.replace(/\\([nrt"\\$])/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}
