import type { NewFork, VersionSummary } from "../../lib/types.ts";
import type { Place } from "../route.svelte.ts";

/** What can be forked, and what the API calls it. */
export interface Source {
  id: string;
  words: string;
  of: Pick<NewFork, "version" | "draft">;
}

/** A name that keeps the ending, which says what language the code is in: "app-copy.ts". */
export function copyOf(name: string): string {
  const [, stem = name, ending = ""] = /^(.+?)(\.[cm]?[jt]s)?$/.exec(name) ?? [];
  const end = `-copy${ending}`;
  return stem.slice(0, 64 - end.length) + end;
}

/** The first is what is looked at; then what is live, then the other drafts. */
export function sourcesOf(
  place: Place,
  live: VersionSummary | null,
  drafts: { person: { id: number; name: string }; own: boolean }[],
): Source[] {
  const found: Source[] = [];
  if (live) found.push({ id: "live", words: `v${live.number}, which is live`, of: {} });
  if (place.version !== null && place.version !== live?.number)
    found.push({
      id: `v${place.version}`,
      words: `v${place.version}`,
      of: { version: place.version },
    });
  for (const { person, own } of drafts)
    found.push({
      id: `draft-${person.id}`,
      words: own ? "Your draft" : `The draft of ${person.name}`,
      of: { draft: person.id },
    });
  const looked = place.draft ? `draft-${place.draft}` : place.version === null ? null : `v${place.version}`;
  const at = found.findIndex(({ id }) => id === looked);
  return at > 0 ? [...found.splice(at, 1), ...found] : found;
}
