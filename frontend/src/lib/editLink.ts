/** What a published client's link to the editor carries behind its `#`: `/NAME/TOKEN`, or `/TOKEN` without a name. */
export interface Carried {
  name: string;
  token: string;
}

export function carriedBy(hash: string): Carried {
  const [first = "", ...rest] = hash.replace(/^#\/?/, "").split("/");
  return rest.length ? { name: decoded(first), token: rest.join("/") } : { name: "", token: first };
}

/** At once, before anything else can read it: not in the address bar, not in the history. */
export function takeFromAddress(): Carried {
  const carried = carriedBy(location.hash);
  history.replaceState(null, "", location.pathname);
  return carried;
}

/** The page that it opens, of this site. Throws an Error whose message is for people. */
export async function openEditor(carried: Carried, csrf: string): Promise<string> {
  const answer = await fetch(location.pathname, {
    method: "POST",
    headers: { "X-CSRFToken": csrf },
    body: new URLSearchParams({ ...carried }),
  }).catch(() => null);
  if (!answer) throw new Error("The server cannot be reached. Try again.");
  const told = (await answer.json().catch(() => ({}))) as { there?: string; detail?: string };
  if (answer.ok && told.there) return told.there;
  throw new Error(told.detail ?? "That did not work. Open the link again.");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
