const TOKEN = /"(?:[^"\\\n]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** JSON on lines of its own, every value as it is written: a number keeps all its digits. Null for what is no JSON. */
export function formatted(text: string): string | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const tokens = text.match(TOKEN) ?? [];
  let made = "";
  let depth = 0;
  tokens.forEach((token, index) => {
    const closes = token === "}" || token === "]";
    const opened = /[{[]$/.test(tokens[index - 1] ?? "") && tokens[index - 1]?.length === 1;
    if (closes) depth--;
    if (closes && !opened) made += `\n${"  ".repeat(depth)}`;
    else if (!closes && (opened || tokens[index - 1] === ",")) made += `\n${"  ".repeat(depth)}`;
    made += token === ":" ? ": " : token;
    if (token === "{" || token === "[") depth++;
  });
  return `${made}\n`;
}

/** Why a text is no JSON, in the engine's words, and where; null when it is JSON. An empty file says so too. */
export function mistakeIn(text: string): { message: string; at: number } | null {
  const message = refusalOf(text);
  if (message === null) return null;
  const told = /position (\d+)/.exec(message)?.[1];
  const at = told === undefined ? firstOdd(text) : Number(told);
  return { message: message.replace(/(,[^,]*is not valid JSON| (in JSON )?at position.*)$/s, ""), at };
}

function refusalOf(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return String((error as Error).message);
  }
}

/** V8 quotes an unexpected character without saying where: it is the last of the shortest beginning that has it. */
function firstOdd(text: string): number {
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (refusalOf(text.slice(0, middle))?.startsWith("Unexpected token")) bad = middle;
    else good = middle;
  }
  return refusalOf(text.slice(0, bad))?.startsWith("Unexpected token") ? bad - 1 : text.length;
}
