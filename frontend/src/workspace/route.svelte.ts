import { type View, VIEWS } from "./places.ts";

/**
 * The part of the address that the workspace itself owns: `?view=versions&version=3&against=draft`. `version` is the one
 * on show among the versions, `against` what it is compared with.
 */
export interface Place {
  view: View;
  version: number | null;
  against: number | "draft" | null;
  /** Whose draft is on show, among the drafts. */
  draft?: number;
  /** Of the version on show. */
  file?: string;
  line?: number;
}

export class Route {
  place = $state.raw<Place>(parse(location.search));

  get view(): View {
    return this.place.view;
  }

  /** Follows the browser's back and forward. Returns the way to stop. */
  watch(): () => void {
    const follow = () => (this.place = parse(location.search));
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }

  show(view: View): void {
    this.go({ view, version: null, against: null });
  }

  /** One version, by itself or against another text. */
  version(
    version: number | null,
    against: Place["against"] = null,
    at?: { path: string; line: number },
  ): void {
    this.go({ view: "versions", version, against, ...(at ? { file: at.path, line: at.line } : {}) });
  }

  /** Of a person; null for the list of all. */
  draft(person: number | null): void {
    this.go({ view: "drafts", version: null, against: null, ...(person ? { draft: person } : {}) });
  }

  go(place: Place): void {
    if (print(place) === print(this.place)) return;
    this.place = place;
    history.pushState(null, "", location.pathname + print(place));
  }
}

export function parse(search: string): Place {
  const params = new URLSearchParams(search);
  const version = whole(params.get("version"));
  const draft = whole(params.get("draft"));
  if (params.get("view") === "drafts" || (draft !== null && !params.has("view")))
    return { view: "drafts", version: null, against: null, ...(draft ? { draft } : {}) };
  const named = VIEWS.find((view) => view === params.get("view"));
  // Links from before versions had a view of their own.
  if (version !== null && named !== "versions")
    return { view: "versions", version, against: named === "changes" ? "draft" : null };
  if (named !== "versions" || version === null)
    return { view: named ?? "code", version: null, against: null };
  const against = params.get("against");
  const file = params.get("file");
  const line = whole(params.get("line"));
  return {
    ...{ view: named, version, against: against === "draft" ? against : whole(against) },
    ...(file ? { file } : {}),
    ...(line ? { line } : {}),
  };
}

export function print({ view, version, against, draft, file, line }: Place): string {
  const params = new URLSearchParams();
  if (view !== "code") params.set("view", view);
  if (version !== null) params.set("version", String(version));
  if (version !== null && against !== null) params.set("against", String(against));
  if (draft) params.set("draft", String(draft));
  if (version !== null && file) params.set("file", file);
  if (version !== null && line) params.set("line", String(line));
  const text = params.toString();
  return text && `?${text}`;
}

function whole(text: string | null): number | null {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : null;
}
