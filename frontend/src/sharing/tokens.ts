import { Caller } from "../lib/caller.ts";
import { age } from "../lib/format.ts";
import type { Token } from "../lib/types.ts";

export class TokensCaller extends Caller {
  /** Of the team, as far as they are shown; newest first. */
  tokens(): Promise<Token[]> {
    return this.call("/tokens?limit=200");
  }
}

/** Those in force that are good for the webtask. */
export function goodFor(tokens: Token[], webtask: string, now: number): Token[] {
  return tokens.filter(
    (token) =>
      token.revoked_at === null &&
      (token.expires_at === null || Date.parse(token.expires_at) > now) &&
      (token.webtasks === null || token.webtasks.includes(webtask)),
  );
}

/** “this webtask · 3 actions · GET · until 1 May 2027 · last used 2 min ago”. */
export function wordsOf(token: Token, now: number): string {
  const { webtasks, scopes, methods } = token;
  const reach = webtasks === null ? "all webtasks" : webtasks.length > 1 ? `${webtasks.length} webtasks` : "";
  const ends = token.expires_at === null ? "no end" : `until ${day(token.expires_at)}`;
  return [
    reach || "this webtask alone",
    scopes === null ? "all actions" : `${scopes.length} action${scopes.length === 1 ? "" : "s"}`,
    methods?.join(", ") ?? "",
    ends,
    token.last_used_at === null ? "never used" : `used ${age(token.last_used_at, now)}`,
  ]
    .filter(Boolean)
    .join(" · ");
}

function day(iso: string): string {
  return new Date(iso).toLocaleDateString(undefined, { year: "numeric", month: "short", day: "numeric" });
}
