import { backoff } from "../lib/backoff.ts";
import { byteLength } from "../lib/format.ts";
import { Problem } from "../lib/problem.ts";
import type { Draft } from "../lib/types.ts";
import type { Keep } from "./kept.ts";

/**
 * clean: the editor shows what the server has without a draft · saved: the server has this draft ·
 * editing: typed, waiting for a pause · saving: on its way · offline / failed: kept here, tried again ·
 * stuck: the server refuses and trying again cannot help · denied: sign in first · large: over the limit ·
 * conflict: the server holds another text; autosave stands still until a person chooses.
 */
export type Phase =
  "clean" | "saved" | "editing" | "saving" | "offline" | "failed" | "stuck" | "denied" | "large" | "conflict";

interface Options {
  server: Draft;
  save: (code: string, base: number | null, etag: string) => Promise<Draft>;
  keep: Keep;
  limit: number;
}

const IDLE = 800;
const WAITS_FOR_A_PERSON: Phase[] = ["conflict", "denied"];

/** One person's draft: never loses a keystroke, never says "saved" before the server did. */
export class DraftKeeper {
  /** Bytes. Set anew when somebody changes it here; the server's word is the last one. */
  limit: number;
  readonly #save: Options["save"];
  readonly #keep: Keep;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | null = null;
  #attempt = 0;

  phase = $state<Phase>("clean");
  code = $state.raw("");
  server = $state.raw<Draft>() as Draft;
  theirs = $state.raw<Draft | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** False when the device has no room for a copy: then closing the page would lose text. */
  kept = $state(true);

  constructor(options: Options) {
    this.#save = options.save;
    this.#keep = options.keep;
    this.limit = options.limit;
    this.server = options.server;
    this.code = options.server.code;
    this.phase = this.#restPhase();
  }

  /** The server does not have this text. */
  get dirty(): boolean {
    return this.code !== this.server.code;
  }

  get size(): number {
    return byteLength(this.code);
  }

  edit(code: string): void {
    if (code === this.code) return;
    this.code = code;
    this.#keepHere();
    if (WAITS_FOR_A_PERSON.includes(this.phase)) return;
    clearTimeout(this.#timer);
    if (!this.dirty && !this.#sending) return this.#rest();
    this.#schedule(IDLE, this.phase === "offline" || this.phase === "failed" ? this.phase : "editing");
  }

  /** The person left the editor, closed the page, or the network is back. */
  async soon(): Promise<void> {
    if (!this.dirty || WAITS_FOR_A_PERSON.includes(this.phase)) return;
    // Once: what is typed meanwhile waits for its own pause. A failure is told by the phase.
    await this.#send().catch(() => {});
  }

  /**
   * Resolves when the server has exactly this text. `always` makes a draft even of unchanged code.
   * Throws the Problem that stands in the way.
   */
  async flush(always = false): Promise<void> {
    if (this.phase === "conflict") throw this.problem ?? new Problem(412, { title: SAVED_ELSEWHERE });
    let force = always && !this.server.etag;
    while (this.dirty || force || this.#sending) {
      await this.#send();
      force = false;
    }
  }

  /** After a conflict: the other text wins. Returns the text to show; the editor's undo still has ours. */
  takeTheirs(): string {
    if (!this.theirs) return this.code;
    this.server = this.theirs;
    this.code = this.theirs.code;
    this.#rest();
    return this.code;
  }

  /** After a conflict: our text wins over theirs, knowingly. */
  keepMine(): Promise<void> {
    if (!this.theirs) return Promise.resolve();
    this.server = this.theirs;
    this.theirs = null;
    this.phase = "editing";
    this.problem = null;
    return this.soon();
  }

  /** After signing in again, or when a person presses Retry. */
  retry(): Promise<void> {
    if (this.phase === "conflict") return Promise.resolve();
    if (this.dirty) this.phase = "editing";
    else this.#rest();
    return this.soon();
  }

  /** The server refused something else because its draft is not the one we know. */
  clash(theirs: Draft): void {
    this.#conflict(theirs);
  }

  /** The server's copy changed by our own doing (publish, restore, discard) or while we had no edits. */
  adopt(server: Draft): void {
    const untouched = !this.dirty;
    this.server = server;
    if (untouched) this.code = server.code;
    if (this.dirty) this.#schedule(IDLE, "editing");
    else this.#rest();
  }

  /** The person gave the draft up. */
  replaceWith(server: Draft): void {
    this.server = server;
    this.code = server.code;
    this.#rest();
  }

  /** Text found on this device that the server never got. */
  restore(text: { code: string; base: number | null; etag: string }): void {
    if (text.code === this.server.code) return;
    this.code = text.code;
    this.#keepHere();
    if (text.etag === this.server.etag) this.#schedule(0, "editing");
    else this.#conflict(this.server);
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
    const { code, server } = this;
    if (byteLength(code) > this.limit) throw this.#tooLarge();
    this.phase = "saving";
    try {
      this.#acknowledged(code, await this.#save(code, server.base, server.etag));
    } catch (thrown) {
      this.#refused(code, Problem.from(thrown));
    }
  }

  #acknowledged(sent: string, draft: Draft): void {
    this.server = { ...draft, code: sent };
    this.#attempt = 0;
    this.problem = null;
    if (this.dirty) this.#schedule(IDLE, "editing");
    else this.#rest();
  }

  /** Throws unless the refusal turns out to be our own earlier save whose answer was lost. */
  #refused(sent: string, problem: Problem): void {
    if (problem.status === 412 && problem.current) {
      if (problem.current.code === sent) return this.#acknowledged(sent, problem.current);
      this.#conflict(problem.current);
      throw this.problem ?? problem;
    }
    this.problem = problem;
    if (problem.status === 0) this.#again("offline");
    else if (problem.status >= 500 || problem.status === 429) this.#again("failed");
    else if (problem.status === 401 || problem.id === "csrf") this.phase = "denied";
    else if (problem.status === 413) this.phase = "large";
    else this.phase = "stuck";
    throw problem;
  }

  #again(phase: Phase): void {
    this.#schedule(Math.max(IDLE, backoff(this.#attempt++)), phase);
  }

  #conflict(theirs: Draft): void {
    clearTimeout(this.#timer);
    this.theirs = theirs;
    this.phase = "conflict";
    this.problem = new Problem(412, {
      title: SAVED_ELSEWHERE,
      detail: "This draft was changed in another tab or on another device. Choose which text to go on with.",
    });
  }

  #tooLarge(): Problem {
    const detail = `${this.size.toLocaleString("en")} of ${this.limit.toLocaleString("en")} bytes.`;
    this.problem = new Problem(413, { title: "The code is too large to save", detail });
    this.phase = "large";
    return this.problem;
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
    this.problem = null;
    this.phase = this.#restPhase();
    this.kept = true;
    this.#keep.drop();
  }

  #restPhase(): Phase {
    return this.server.etag ? "saved" : "clean";
  }

  #keepHere(): void {
    const { base, etag } = this.server;
    if (this.dirty) this.kept = this.#keep.put({ code: this.code, base, etag, at: new Date().toISOString() });
  }
}

const SAVED_ELSEWHERE = "Someone saved elsewhere";
