import type { Feed } from "../../logs/feed.svelte.ts";
import { failure } from "../../requests/body.ts";
import type { Runner } from "../../requests/runner.svelte.ts";

/** So many of the last lines of the log may be of the last run. */
const NEAR = 300;

/** The stack of what went wrong in the last run, out of its answer or else of what it logged; "" when nothing did. */
export function lastStack({ result }: Pick<Runner, "result">, { shown }: Pick<Feed, "shown">): string {
  if (!result) return "";
  const answered = failure(result)?.stack;
  if (answered) return answered;
  const logged = shown
    .slice(-NEAR)
    .find(
      (entry) =>
        entry.kind === "line" &&
        entry.level === "error" &&
        entry.invocation === result.invocation &&
        hasPlace(entry.text),
    );
  return logged?.text ?? "";
}

function hasPlace(text: string): boolean {
  return /:\d+(:\d+)?\)?$/m.test(text);
}
