/**
 * Where the published clients' link to the editor leads. They write `#/NAME/TOKEN`, or `#/TOKEN` without a name;
 * the token is not needed here, where people sign in.
 */
export function workspaceOf(workspaces: string, hash: string): string {
  const [name, token] = hash.replace(/^#\/?/, "").split("/");
  if (!name || token === undefined) return workspaces;
  return `${workspaces}/${encodeURIComponent(decoded(name))}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
