/** The part of the address that the workspace itself owns: `?version=3&view=changes`. */
export interface Place {
  version: number | null;
  changes: boolean;
}

export class Route {
  place = $state.raw<Place>(parse(location.search));

  /** Follows the browser's back and forward. Returns the way to stop. */
  watch(): () => void {
    const follow = () => (this.place = parse(location.search));
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }

  go(place: Place): void {
    if (same(place, this.place)) return;
    this.place = place;
    history.pushState(null, "", location.pathname + print(place));
  }
}

export function parse(search: string): Place {
  const params = new URLSearchParams(search);
  const version = Number(params.get("version"));
  return {
    version: Number.isInteger(version) && version > 0 ? version : null,
    changes: params.get("view") === "changes",
  };
}

export function print(place: Place): string {
  const params = new URLSearchParams();
  if (place.version !== null) params.set("version", String(place.version));
  if (place.changes) params.set("view", "changes");
  const text = params.toString();
  return text && `?${text}`;
}

function same(one: Place, other: Place): boolean {
  return one.version === other.version && one.changes === other.changes;
}
