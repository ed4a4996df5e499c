import { backoff } from "../lib/backoff.ts";
import { Problem } from "../lib/problem.ts";
import type { Draft } from "../lib/types.ts";
import { type Content, contentOf, same, sizeOf } from "./content.ts";
import type { Keep, Unsaved } from "./kept.ts";
import { type Phase, phaseAfter, WAITS_FOR_A_PERSON } from "./phase.ts";
import { openElsewhere, savedElsewhere, tooLarge } from "./refusals.ts";
import { Unanswered } from "./unanswered.ts";

export interface DraftOptions {
  server: Draft;
  save: (content: Content, base: number | null, etag: string) => Promise<Draft>;
  keep: Keep;
  limit: number;
}

const IDLE = 800;

/** One person's draft: never loses a keystroke, never says "saved" before the server did. */
export class DraftKeeper {
  /** Bytes. Set anew when somebody changes it here; the server's word is the last one. */
  limit: number;
  /** Called with each text that is now the server's. */
  onsaved: (draft: Draft) => void = () => {};
  readonly #save: DraftOptions["save"];
  readonly #keep: Keep;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | null = null;
  #attempt = 0;
  /** What restored text was written on, where this page shows another draft of the server's. */
  #written: (Pick<Draft, "base" | "etag"> & { ancestor: Content | null }) | null = null;
  #unanswered = new Unanswered();

  phase = $state<Phase>("clean");
  content = $state.raw<Content>() as Content;
  server = $state.raw<Draft>() as Draft;
  theirs = $state.raw<Draft | null>(null);
  /** In a conflict: what this text and theirs both began from; null when this page does not know. */
  ancestor = $state.raw<Content | null>(null);
  /** False in a tab that only shows what a newer one saves: nothing is sent from here. */
  leads = $state(true);
  problem = $state.raw<Problem | null>(null);
  /** False when the device has no room for a copy: then closing the page would lose text. */
  kept = $state(true);

  constructor(options: DraftOptions) {
    this.#save = options.save;
    this.#keep = options.keep;
    this.limit = options.limit;
    this.server = options.server;
    this.content = contentOf(options.server);
    this.phase = this.#restPhase();
  }

  /** The server does not have this text, or may have another that was sent from here without an answer. */
  get dirty(): boolean {
    return !same(this.content, this.server) || this.#unanswered.any;
  }

  get sent(): string[] {
    return this.#unanswered.digests;
  }

  edit(content: Content): void {
    if (same(content, this.content)) return;
    this.content = content;
    this.#keepHere();
    if (WAITS_FOR_A_PERSON.includes(this.phase)) return;
    clearTimeout(this.#timer);
    if (!this.dirty && !this.#sending) return this.#rest();
    this.#schedule(IDLE, this.phase === "offline" || this.phase === "failed" ? this.phase : "editing");
  }

  /** The person left the editor, or the network is back. */
  async soon(): Promise<void> {
    if (!this.dirty || !this.leads || WAITS_FOR_A_PERSON.includes(this.phase)) return;
    // Once: what is typed meanwhile waits for its own pause. A failure is told by the phase.
    await this.#send().catch(() => {});
  }

  /**
   * Resolves when the server has exactly this text. `always` makes a draft even of unchanged code.
   * Throws the Problem that stands in the way.
   */
  async flush(always = false): Promise<void> {
    if (this.phase === "conflict") throw this.problem ?? savedElsewhere();
    if (!this.leads && this.dirty) throw openElsewhere();
    let force = always && !this.server.etag;
    while (this.dirty || force || this.#sending) {
      await this.#send();
      force = false;
    }
  }

  /** After a conflict: the other text wins. Returns the text to show; the editor's undo still has ours. */
  takeTheirs(): Content {
    if (!this.theirs) return this.content;
    this.server = this.theirs;
    this.content = contentOf(this.theirs);
    this.#rest();
    return this.content;
  }

  /**
   * What `merged` returns goes on from what the server has, with `base` for the version it contains. Resolves when the
   * server answered, whatever it did.
   */
  async settle(base: number | null, merged: () => Content): Promise<void> {
    await this.quiet();
    this.server = { ...(this.theirs ?? this.server), base };
    this.theirs = null;
    this.#written = null;
    this.problem = null;
    this.content = contentOf(merged());
    this.#keepHere();
    this.phase = "editing";
    // Also when the text is the server's already: it is to know the base.
    await this.#send().catch(() => {});
  }

  /** Resolves when nothing is on its way to the server. */
  async quiet(): Promise<void> {
    await this.#sending?.catch(() => {});
  }

  /** After signing in again, or when a person presses Retry. */
  retry(): Promise<void> {
    if (this.phase === "conflict") return Promise.resolve();
    if (this.dirty) this.phase = "editing";
    else this.#rest();
    return this.soon();
  }

  /** The server refused a save, or something else, because its draft is not the one we know. */
  clash(theirs: Draft): void {
    clearTimeout(this.#timer);
    this.theirs = theirs;
    this.ancestor = this.#written ? this.#written.ancestor : this.server;
    this.phase = "conflict";
    this.problem = savedElsewhere();
  }

  /** The server's copy changed by a restored version, or by what somebody published while we had no edits. */
  adopt(server: Draft): void {
    const untouched = !this.dirty;
    this.server = server;
    if (untouched) this.content = contentOf(server);
    if (this.dirty) this.#schedule(IDLE, "editing");
    else this.#rest();
  }

  /**
   * Something else than a save makes the draft what it is then. What is typed meanwhile waits, and goes on from there.
   * Throws a Problem.
   */
  async write<Result extends { draft: Draft }>(work: (etag: string) => Promise<Result>): Promise<Result> {
    const { content } = this;
    await this.quiet();
    clearTimeout(this.#timer);
    // What it leaves may be this text, published: should the answer be lost, that was no other.
    this.#unanswered.add(this.server);
    const working = work(this.server.etag);
    const over = working.then(
      () => {},
      () => {},
    );
    this.#sending = over.finally(() => (this.#sending = null));
    try {
      const result = await working;
      if (same(this.content, content)) this.content = contentOf(result.draft);
      this.theirs = null;
      this.#acknowledged(result.draft, result.draft);
      this.#keepHere();
      return result;
    } catch (thrown) {
      const problem = Problem.from(thrown);
      if (problem.status >= 400 && problem.status < 500) this.#unanswered.clear();
      if (problem.status === 412 && problem.current) this.clash(problem.current);
      else if (this.dirty) this.#schedule(IDLE, "editing");
      throw problem;
    }
  }

  /** Another tab has what the server has. */
  replaceWith(server: Draft): void {
    this.server = server;
    this.content = contentOf(server);
    this.#rest();
  }

  /**
   * Text found on this device, or in another tab, that the server may not have; `ancestor` is what it began from.
   * False when it has it.
   */
  restore(text: Unsaved, ancestor: Content | null = null): boolean {
    const { base, etag } = text;
    const sent = new Unanswered(text.sent);
    const known = etag === this.server.etag;
    if (same(text, this.server) && (sent.any ? sent.has(text) : known)) return false;
    this.content = contentOf(text);
    this.#unanswered = sent;
    // This page may be older than the last save of the one before it: whether somebody else saved, the server tells.
    const ours = (known && base === this.server.base) || sent.has(this.server);
    this.#written = ours ? null : { base, etag, ancestor };
    this.#keepHere();
    this.#schedule(0, "editing");
    return true;
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #send(): Promise<void> {
    this.#sending ??= this.#put().finally(() => (this.#sending = null));
    return this.#sending;
  }

  async #put(): Promise<void> {
    clearTimeout(this.#timer);
    const { content } = this;
    const { base, etag } = this.#written ?? this.server;
    const size = sizeOf(content);
    if (size > this.limit) {
      this.phase = "large";
      throw (this.problem = tooLarge(size, this.limit));
    }
    this.phase = "saving";
    this.#unanswered.add(content);
    this.#keepHere();
    try {
      this.#acknowledged(content, await this.#save(content, base, etag));
    } catch (thrown) {
      this.#refused(Problem.from(thrown));
    }
  }

  #acknowledged(sent: Content, draft: Draft): void {
    this.server = { ...draft, ...sent };
    this.#written = null;
    this.#attempt = 0;
    this.#unanswered.clear();
    this.problem = null;
    if (!this.dirty) return this.#rest();
    this.#schedule(IDLE, "editing");
    this.onsaved(this.server);
  }

  /** Throws unless what the server holds turns out to be our own earlier save whose answer was lost. */
  #refused(problem: Problem): void {
    const { current } = problem;
    if (problem.status === 412 && current) {
      // What was typed since then goes over it.
      if (this.#unanswered.has(current)) return this.#acknowledged(contentOf(current), current);
      this.clash(current);
      throw this.problem ?? problem;
    }
    this.problem = problem;
    this.phase = phaseAfter(problem);
    const { phase } = this;
    if (phase === "offline" || phase === "failed")
      this.#schedule(Math.max(IDLE, backoff(this.#attempt++)), phase);
    throw problem;
  }

  #schedule(wait: number, phase: Phase): void {
    clearTimeout(this.#timer);
    this.phase = phase;
    this.#timer = setTimeout(() => void this.soon(), wait);
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#attempt = 0;
    this.theirs = null;
    this.#written = null;
    this.#unanswered.clear();
    this.problem = null;
    this.phase = this.#restPhase();
    this.kept = true;
    this.#keep.drop();
    this.onsaved(this.server);
  }

  #restPhase(): Phase {
    return this.server.etag ? "saved" : "clean";
  }

  #keepHere(): void {
    if (!this.dirty) return;
    const { content } = this;
    const { base, etag } = this.#written ?? this.server;
    this.kept = this.#keep.put({ ...content, base, etag, sent: this.sent }, () => {
      if (content === this.content) this.kept = true;
    });
  }
}
