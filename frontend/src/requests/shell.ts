export interface Line {
  words: string[];
  /** `$NAME`s, which only a shell can fill in. */
  variables: string[];
  /** What follows the command: a pipe, another command, a file that the answer goes to. */
  rest: string;
}

// One piece of a word, or what ends one. The order matters: a continued line is no escape.
const PIECES: RegExp[] = [
  /(?<gap>(?:\\\r?\n|\^\r?\n|[ \t])+)/y,
  /(?<rest>[\n\r;|&<>][^]*)/y,
  /\$'(?<ansi>(?:[^'\\]|\\[^])*)'/y,
  /'(?<single>[^']*)'/y,
  /"(?<double>(?:[^"\\]|\\[^])*)"/y,
  /\\(?<escaped>[^])/y,
  /(?<plain>[^\s'"\\;|&<>]+?(?=\$'|[\s'"\\;|&<>]|$))/y,
];
const LETTERS: Record<string, string> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  v: "\v",
  a: "\x07",
  e: "\x1b",
};

/** The words of the first command, as a POSIX shell takes a line apart; null when a quote is not closed. */
export function shellWords(text: string): Line | null {
  const line: Line = { words: [], variables: [], rest: "" };
  let word: string | null = null;
  for (let at = 0; at < text.length;) {
    const piece = pieceAt(text, at);
    if (!piece) return null;
    at += piece.length;
    if (piece.gap !== undefined || piece.rest !== undefined) {
      if (word !== null) line.words.push(word);
      word = null;
      line.rest = piece.rest?.trim() ?? "";
    } else {
      word = (word ?? "") + literal(piece);
      for (const [name] of (piece.double ?? piece.plain ?? "").matchAll(VARIABLE)) line.variables.push(name);
    }
  }
  if (word !== null) line.words.push(word);
  return line;
}

const VARIABLE = /(?<!\\)\$(?:\w+|\{\w+\}|\([^)]*\))/g;

interface Piece {
  length: number;
  gap?: string;
  rest?: string;
  ansi?: string;
  single?: string;
  double?: string;
  escaped?: string;
  plain?: string;
}

function pieceAt(text: string, at: number): Piece | null {
  for (const pattern of PIECES) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) return { length: match[0].length, ...match.groups };
  }
  return null;
}

function literal({ ansi, single, double, escaped, plain }: Piece): string {
  if (ansi !== undefined) return ansi.replace(/\\(x[\da-f]{1,2}|u[\da-f]{1,4}|[0-7]{1,3}|[^])/gi, unescaped);
  if (double !== undefined) return double.replace(/\\(?:([$`"\\!])|\r?\n)/g, "$1");
  return single ?? escaped ?? plain ?? "";
}

function unescaped(_all: string, code: string): string {
  if (/^[xu]./i.test(code)) return String.fromCharCode(parseInt(code.slice(1), 16));
  if (/^[0-7]/.test(code)) return String.fromCharCode(parseInt(code, 8));
  return LETTERS[code] ?? code;
}
