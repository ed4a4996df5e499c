import type { VersionSummary } from "../lib/types.ts";

/** The versions that a page knows of: those it came with, those it was told of since, and as far back as somebody looked. */
export class KnownVersions {
  readonly #load: (before: number) => Promise<VersionSummary[]>;

  /** Newest first. */
  all = $state.raw<VersionSummary[]>([]);

  constructor(all: VersionSummary[], load: (before: number) => Promise<VersionSummary[]>) {
    this.all = all;
    this.#load = load;
  }

  get live(): VersionSummary | null {
    return this.all.find(({ live }) => live) ?? null;
  }

  /** What the server is to go on from. */
  get newest(): number | null {
    return this.all[0]?.number ?? null;
  }

  /** Whether that was news: each connection is told of the live one again, which is to redraw nothing. */
  add(told: VersionSummary[]): boolean {
    const live = told.find((version) => version.live) ?? this.live;
    const found = new Map([...this.all, ...told].map((version) => [version.number, version]));
    const all = [...found.values()]
      .map((version) =>
        version.live && version.number !== live?.number ? { ...version, live: false } : version,
      )
      .sort((one, other) => other.number - one.number);
    if (JSON.stringify(all) === JSON.stringify(this.all)) return false;
    this.all = all;
    return true;
  }

  async loadOlder(): Promise<void> {
    const oldest = this.all.at(-1);
    if (!oldest) return;
    const older = await this.#load(oldest.number);
    // What came in the meantime stays, and a second answer to the same question adds nothing.
    const known = new Set(this.all.map(({ number }) => number));
    this.all = [...this.all, ...older.filter(({ number }) => !known.has(number))];
  }
}
