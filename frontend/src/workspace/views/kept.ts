import type { Api } from "../../lib/api.ts";
import type { Session } from "../session.svelte.ts";

type Make<T> = new (api: Api) => T;

const all = new WeakMap<Session, Map<Make<unknown>, unknown>>();

/** What a view knows outlives its being looked at: what is half typed is still there when one comes back. */
export function keptOf<T>(session: Session, Kind: Make<T>, make = () => new Kind(session.api)): T {
  const mine = all.get(session) ?? new Map<Make<unknown>, unknown>();
  all.set(session, mine);
  if (!mine.has(Kind)) mine.set(Kind, make());
  return mine.get(Kind) as T;
}
