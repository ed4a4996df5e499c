import type { Caller } from "../lib/caller.ts";
import { byteLength } from "../lib/format.ts";
import { Problem } from "../lib/problem.ts";
import { Resource } from "../lib/resource.svelte.ts";
import type { StoredDocument } from "../lib/types.ts";
import { compact, indented, mistake } from "./text.ts";

/** A webtask's document as it is stored, and as somebody is changing it. */
export class DocumentDraft {
  readonly #api: Pick<Caller, "call">;
  readonly stored: Resource<StoredDocument>;

  text = $state("");
  saving = $state(false);
  /** What the last write came to, in words. */
  said = $state("");
  /** Of the last write. */
  problem = $state.raw<Problem | null>(null);
  /** What came in between: nothing is written until somebody has chosen. */
  theirs = $state.raw<StoredDocument | null>(null);

  /** What gave way to another text as a whole, and in words what to; undoing it exchanges the two. */
  gone = $state.raw<{ text: string; words: string } | null>(null);

  /** What the text began as: its etag is what a write names. */
  #base = $state.raw<StoredDocument | null>(null);
  #shown = $state("");

  constructor(api: Pick<Caller, "call">) {
    this.#api = api;
    this.stored = new Resource(() => api.call<StoredDocument>("/storage"));
  }

  get dirty(): boolean {
    return this.text !== this.#shown;
  }

  get bytes(): number {
    return this.text.trim() ? byteLength(compact(this.text)) : 0;
  }

  /** Why it cannot be saved; "" when it can. */
  get mistake(): string {
    return this.text.trim() ? mistake(this.text) : "";
  }

  get tooLarge(): boolean {
    return this.bytes > (this.#base?.limit ?? Infinity);
  }

  /** Whether there is something to write that may be written. */
  get ready(): boolean {
    return this.dirty && !this.mistake && !this.tooLarge && !this.theirs && this.#base !== null;
  }

  /** What is half typed stays, with the etag that it began from. */
  async load(): Promise<void> {
    await this.stored.load();
    const { data } = this.stored;
    if (data && !this.dirty && !this.theirs) this.#show(data);
  }

  async save(): Promise<void> {
    if (!this.ready || this.saving) return;
    const sent = this.text;
    await this.#write(async (etag) => {
      if (!sent.trim()) return this.#remove(etag);
      const body = { data: compact(sent), etag };
      return this.#api.call<StoredDocument>("/storage", { method: "PUT", body });
    }, sent);
  }

  /** Stores nothing. */
  async empty(): Promise<void> {
    if (this.saving) return;
    await this.#write((etag) => this.#remove(etag), this.text);
  }

  takeTheirs(): void {
    if (!this.theirs) return;
    this.gone = { text: this.text, words: "This is what is stored" };
    this.#show(this.theirs);
    this.said = "";
  }

  /** A whole document from elsewhere. */
  take(text: string): void {
    if (this.dirty) this.gone = { text: this.text, words: "This is what the file has" };
    this.text = text;
  }

  undo(): void {
    if (!this.gone) return;
    const { text } = this.gone;
    this.gone = { text: this.text, words: "This is what you had" };
    this.text = text;
  }

  /** Over what was just shown, and over nothing else. */
  async writeMine(): Promise<void> {
    if (!this.theirs) return;
    this.#base = this.theirs;
    this.theirs = null;
    await this.save();
  }

  async #remove(etag: string | null): Promise<StoredDocument> {
    const query = etag === null ? "" : `?etag=${encodeURIComponent(etag)}`;
    if (etag !== null) await this.#api.call(`/storage${query}`, { method: "DELETE" });
    return this.#api.call<StoredDocument>("/storage");
  }

  async #write(work: (etag: string | null) => Promise<StoredDocument>, sent: string): Promise<void> {
    this.saving = true;
    this.problem = null;
    this.said = "";
    try {
      const now = await work(this.#base?.etag ?? null);
      this.stored.set(now);
      // What was typed meanwhile stays, on top of what was just stored.
      if (this.text === sent) this.#show(now);
      else this.#rebase(now);
      this.gone = null;
      this.said = now.data === null ? "Nothing is stored" : "Stored";
    } catch (thrown) {
      await this.#failed(Problem.from(thrown));
    }
    this.saving = false;
  }

  async #failed(problem: Problem): Promise<void> {
    if (problem.status !== 409) {
      this.problem = problem;
      return;
    }
    await this.stored.load();
    if (this.stored.problem || !this.stored.data) {
      this.problem = problem;
    } else if (this.dirty) {
      this.theirs = this.stored.data;
    } else {
      this.#show(this.stored.data);
      this.said = "It was changed meanwhile: this is what is there now";
    }
  }

  #rebase(document: StoredDocument): void {
    this.#base = document;
    this.#shown = indented(document.data ?? "");
    this.theirs = null;
  }

  #show(document: StoredDocument): void {
    this.#rebase(document);
    this.text = this.#shown;
  }
}
