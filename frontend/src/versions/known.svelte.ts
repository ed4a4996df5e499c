import type { VersionSummary } from "../lib/types.ts";

/** The versions that a page knows of: those it came with, those it was told of since, and as far back as somebody looked. */
export class KnownVersions {
  /** Newest first. */
  all = $state.raw<VersionSummary[]>([]);

  constructor(all: VersionSummary[]) {
    this.all = all;
  }

  get live(): VersionSummary | null {
    return this.all.find(({ live }) => live) ?? null;
  }

  /** Whether that was news: each connection is told of the live one again, which is to redraw nothing. */
  add(told: VersionSummary[]): boolean {
    const live = (told.find((version) => version.live) ?? this.live)?.number;
    const found = new Map([...this.all, ...told].map((version) => [version.number, version]));
    const all = [...found.values()]
      .map((version) => ({ ...version, live: version.number === live }))
      .sort((one, other) => other.number - one.number);
    if (JSON.stringify(all) === JSON.stringify(this.all)) return false;
    this.all = all;
    return true;
  }

  async loadOlder(load: (before: number) => Promise<VersionSummary[]>): Promise<void> {
    const oldest = this.all.at(-1);
    // Added to what is known when they come, not to what was when they were asked for.
    if (oldest) this.add(await load(oldest.number));
  }
}
