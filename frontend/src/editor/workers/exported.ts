/** The function, or the object with `fetch`, that a webtask's code exports: found by its text alone, also half typed. */
export interface Exported {
  /** Where its statement begins. */
  at: number;
  /** Whether a JSDoc comment there is about it. */
  documented: boolean;
  async: boolean;
  /** Of an object, those of its `fetch`. */
  parameters: Parameter[];
  kind: "function" | "object";
}

export interface Parameter {
  start: number;
  end: number;
  /** Its author says what it is. */
  typed: boolean;
}

const LEFT = String.raw`module\.exports\s*=|(?:module\.)?exports\.default\s*=|export\s+default\b`;
const START = String.raw`(^|[;\n])([ \t]*)`;
const FUNCTION = String.raw`\s*(async\s+)?(?:function\b[^(\n]*)?(\(|[\w$]+\s*=>)`;
const INLINE = new RegExp(`${START}(?:${LEFT})${FUNCTION}`);
// Further in it would be any function's.
const RETURNED = new RegExp(String.raw`(^|\n)()return\b${FUNCTION}`);
const OBJECT = new RegExp(`${START}(?:${LEFT})\\s*\\{`);
const NAMED = new RegExp(String.raw`${START}(?:${LEFT}|return\b)[ \t]*([A-Za-z_$][\w$]*)[ \t]*(?=;|\n|$)`);

export function exported(code: string): Exported | null {
  return (
    called(code, INLINE, true) ?? object(code, OBJECT) ?? declared(code) ?? called(code, RETURNED, false)
  );
}

/** `function main(ctx, cb) {…}` or `const main = …`, and further down `module.exports = main`. */
function declared(code: string): Exported | null {
  const name = NAMED.exec(code)?.[3]?.replace(/\$/g, "\\$&");
  if (!name) return null;
  const value = String.raw`(?:const|let|var)\s+${name}\s*(?::[^=\n]*)?=`;
  return (
    called(code, new RegExp(`${START}${value}${FUNCTION}`), true) ??
    called(code, new RegExp(String.raw`${START}(async\s+)?function\s+${name}\s*(\()`), true) ??
    object(code, new RegExp(`${START}${value}\\s*\\{`))
  );
}

function called(code: string, pattern: RegExp, documented: boolean): Exported | null {
  const match = pattern.exec(code);
  if (!match) return null;
  const end = match.index + match[0].length;
  const opens = match[4] ?? "";
  const alone = match[0].length - opens.length + match.index;
  const parameters =
    opens === "("
      ? parametersFrom(code, end)
      : [{ start: alone, end: alone + (/^[\w$]+/.exec(opens)?.[0].length ?? 0), typed: true }];
  if (!parameters) return null;
  return { at: placeOf(match), documented, async: match[3] !== undefined, parameters, kind: "function" };
}

function object(code: string, pattern: RegExp): Exported | null {
  const match = pattern.exec(code);
  if (!match) return null;
  const from = match.index + match[0].length;
  const method = /(?:^|[\s,{])fetch\s*(?::\s*(?:async\s*)?(?:function\b[^(\n]*)?)?(\(|:)?/.exec(
    code.slice(from),
  );
  if (!method) return null;
  const opens = method[1] === "(" ? parametersFrom(code, from + method.index + method[0].length) : [];
  return { at: placeOf(match), documented: true, async: false, parameters: opens ?? [], kind: "object" };
}

function placeOf(match: RegExpExecArray): number {
  return match.index + (match[1] ?? "").length + (match[2] ?? "").length;
}

/** Of the list that starts at `from`, just after its opening parenthesis; null while it is not closed. */
function parametersFrom(code: string, from: number): Parameter[] | null {
  const found: Parameter[] = [];
  let depth = 0;
  let start = from;
  for (let index = from; index < code.length; index++) {
    const char = code.charAt(index);
    const ends = depth === 0 && (char === ")" || char === ",");
    if (ends && code.slice(start, index).trim()) found.push(parameter(code, start, index));
    if (ends && char === ")") return found;
    if (ends) start = index + 1;
    else if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
  }
  return null;
}

/** Its name or pattern, between `from` and `to`. */
function parameter(code: string, from: number, to: number): Parameter {
  let depth = 0;
  for (let index = from; index < to; index++) {
    const char = code.charAt(index);
    if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
    else if (depth === 0 && ":=?".includes(char)) return trimmed(code, from, index, char !== "=");
  }
  return trimmed(code, from, to, /\/\*\*[^/]*@type/.test(code.slice(from, to)));
}

function trimmed(code: string, from: number, to: number, typed: boolean): Parameter {
  const text = code.slice(from, to);
  return { start: from + text.length - text.trimStart().length, end: from + text.trimEnd().length, typed };
}
