import { Problem } from "../lib/problem.ts";
import type { About } from "../lib/types.ts";

interface AboutApi {
  webtask(): Promise<About>;
  describe(changes: Partial<About>): Promise<About>;
}

export const MAX_DESCRIPTION = 200;
const MAX_TAGS = 10;
const TAG = /^[a-z0-9-]{1,30}$/;

/** What a team says of a webtask, as it is and as somebody is changing it: `tags` as they are typed. */
export class AboutDraft {
  readonly #api: AboutApi;
  #known = $state.raw<About | null>(null);

  description = $state("");
  tags = $state("");
  saving = $state(false);
  saved = $state(false);
  problem = $state.raw<Problem | null>(null);

  constructor(api: AboutApi) {
    this.#api = api;
  }

  /** As the server has it. */
  get known(): About | null {
    return this.#known;
  }

  /** What differs from that. */
  get changes(): Partial<About> {
    const known = this.#known;
    if (!known) return {};
    const description = this.description.trim();
    const tags = tagsOf(this.tags);
    return {
      ...(description === known.description ? {} : { description }),
      ...(tags.join() === known.tags.join() ? {} : { tags }),
    };
  }

  get changed(): boolean {
    return Object.keys(this.changes).length > 0;
  }

  /** What is the matter with the tags; "" for nothing. */
  get wrong(): string {
    const tags = tagsOf(this.tags);
    const bad = tags.find((tag) => !TAG.test(tag));
    if (bad) return `“${bad}” is no tag: use 1 to 30 of a to z, 0 to 9 and -.`;
    return tags.length > MAX_TAGS ? `These are ${tags.length} tags; the limit is ${MAX_TAGS}.` : "";
  }

  async load(): Promise<void> {
    await this.#attempt(async () => {
      const about = await this.#api.webtask();
      // What is half typed stays.
      const typed = this.changed;
      this.#known = about;
      if (!typed) this.#show(about);
    });
  }

  async save(): Promise<void> {
    const sent = this.changes;
    if (!this.changed || this.wrong || this.saving) return;
    this.saving = true;
    await this.#attempt(async () => {
      const about = await this.#api.describe(sent);
      const typed = JSON.stringify(this.changes) !== JSON.stringify(sent);
      this.#known = about;
      if (!typed) this.#show(about);
      this.saved = true;
    });
    this.saving = false;
  }

  #show({ description, tags }: About): void {
    this.description = description;
    this.tags = tags.join(" ");
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.problem = null;
    this.saved = false;
    try {
      await work();
    } catch (thrown) {
      this.problem = Problem.from(thrown);
    }
  }
}

/** As people write them: with commas or without, with # or without, each once. */
export function tagsOf(text: string): string[] {
  const words = text.toLowerCase().split(/[\s,]+/);
  return [...new Set(words.map((word) => word.replace(/^#/, "")))].filter(Boolean).sort();
}
