/** A JSON text made readable and compact again. Pure, and word by word: no number loses a digit, no key its double. */

const WORDS = /"(?:[^"\\]|\\.)*"?|[^\s{}[\],:"]+|[{}[\],:]/gs;
const CLOSED: Record<string, string> = { "{": "}", "[": "]" };

/** Of what is no JSON the text as it is. */
export function indented(text: string): string {
  if (mistake(text)) return text;
  const words = text.match(WORDS) ?? [];
  let depth = 0;
  let out = "";
  for (const [at, word] of words.entries()) {
    const before = words[at - 1] ?? "";
    if (word in CLOSED) {
      out += word;
      if (words[at + 1] !== CLOSED[word]) out += line(++depth);
    } else if (word === "}" || word === "]") {
      out += CLOSED[before] === word ? word : line(--depth) + word;
    } else if (word === ",") {
      out += word + line(depth);
    } else {
      out += word === ":" ? ": " : word;
    }
  }
  return out;
}

/** As it is sent: nobody's limit is spent on spaces. */
export function compact(text: string): string {
  return (text.match(WORDS) ?? []).join("");
}

/** Why it is no JSON; "" when it is. */
export function mistake(text: string): string {
  try {
    JSON.parse(text);
    return "";
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

function line(depth: number): string {
  return `\n${"  ".repeat(depth)}`;
}
