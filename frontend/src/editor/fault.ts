/** Where code failed, as its stack tells it. */
export interface Fault {
  path: string;
  line: number;
  /** 0 when the stack does not say. */
  column: number;
  message: string;
}

/** The first place of a stack that is in one of the webtask's own files; null when none is. */
export function faultIn(stack: string, paths: Iterable<string>): Fault | null {
  const own = [...paths];
  for (const line of stack.split("\n").slice(0, 100)) {
    // Its end: the message of an error may be as long as somebody likes.
    const place = /([\w./-]+):(\d{1,7})(?::(\d{1,7}))?\)?\s*$/.exec(line.slice(-500));
    const path = place && own.find((known) => place[1] === known || place[1]?.endsWith(`/${known}`));
    if (place && path)
      return { path, line: Number(place[2]), column: Number(place[3] ?? 0), message: messageOf(stack) };
  }
  return null;
}

/** "TypeError: …", which stands first, or below the line that a compiler points at. */
function messageOf(stack: string): string {
  const lines = stack.split("\n");
  const said = lines.find((line) => /^(Uncaught )?[A-Z]\w*(Error|Exception)\b/.test(line));
  return (said ?? lines[0] ?? "").slice(0, 1000);
}
