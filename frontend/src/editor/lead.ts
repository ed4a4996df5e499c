import type { Draft } from "../lib/types.ts";
import { type Content, same } from "./content.ts";
import type { DraftKeeper } from "./draft.svelte.ts";
import { locksOf } from "./tab.ts";

/** What the tabs of one webtask say to each other. */
type Said =
  | { t: "take"; from: string }
  /** The whole of what the tab that led had: the server's draft as it knows it, and the text when that is another. */
  | { t: "hand"; to: string; server: Draft; text: (Content & { sent: string[] }) | null }
  | { t: "taken" }
  | { t: "saved"; draft: Draft };

type Hand = Extract<Said, { t: "hand" }>;

interface Options {
  webtask: string;
  tab: string;
  draft: DraftKeeper;
  show: (content: Content) => void;
  /** The draft as the server has it now. */
  latest: () => Promise<Draft>;
  /** Keeps a copy of a text that gives way. */
  aside: (content: Content) => Promise<void>;
  /** The other tab has the text: this device need not keep it for this one. */
  forget: () => void;
  /** The tab that led is gone and this one goes on by itself. */
  onalone: () => void;
}

/** A tab that sleeps in the background may not hear us; its text stays with it, and the server's etags guard ours. */
const PATIENCE_MS = 2000;

/**
 * Of one person's tabs with the same webtask the newest leads; the others show what it saves. Who leads holds a lock, so
 * that its end is seen however it came; what it had not saved is handed over, before the next one takes the lock.
 */
export class Lead {
  readonly #options: Options;
  readonly #name: string;
  readonly #channel: BroadcastChannel | null;
  #expected: ((hand: Hand) => void) | null = null;
  #given = false;

  constructor(options: Options) {
    this.#options = options;
    this.#name = `webtasks:lead:${options.webtask}`;
    const works = locksOf() && "BroadcastChannel" in globalThis;
    this.#channel = works ? new BroadcastChannel(this.#name) : null;
    if (this.#channel) this.#channel.onmessage = ({ data }) => void this.#hear(data as Said);
    options.draft.onsaved = (draft) => options.draft.leads && this.#say({ t: "saved", draft });
  }

  /** From now on it is this tab that saves. True when unsaved text came with it. */
  async take(): Promise<boolean> {
    const locks = locksOf();
    if (!locks || !this.#channel) return false;
    const { held = [] } = await locks.query();
    const hand = held.some(({ name }) => name === this.#name) ? await this.#ask(locks) : null;
    await this.#hold(locks, { steal: true });
    const brought = hand !== null && (await this.#receive(hand));
    this.#lead();
    return brought;
  }

  close(): void {
    this.#channel?.close();
  }

  /** Null when the tab that leads does not answer, or is gone: this one's own page before a reload, above all. */
  async #ask(locks: LockManager): Promise<Hand | null> {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const answered = new AbortController();
    const hand = await new Promise<Hand | null>((resolve) => {
      this.#expected = resolve;
      patience.onabort = () => resolve(null);
      const signal = AbortSignal.any([patience, answered.signal]);
      locks.request(this.#name, { signal }, () => resolve(null)).catch(() => {});
      this.#say({ t: "take", from: this.#options.tab });
    });
    answered.abort();
    return hand;
  }

  async #receive({ server, text }: Hand): Promise<boolean> {
    const { draft, show, latest, aside } = this.#options;
    // Either may be the newer: saved by the other tab after the server wrote this page, or elsewhere before it did.
    if (!text && !draft.dirty && server.etag !== draft.server.etag) {
      const now = await latest().catch(() => null);
      if (now && !draft.dirty) {
        draft.replaceWith(now);
        show(now);
      }
    }
    if (!text) return false;
    if (draft.dirty && !this.#given && !same(draft.content, text)) await aside(draft.content);
    draft.restore({ ...text, base: server.base, etag: server.etag }, server);
    show(draft.content);
    this.#say({ t: "taken" });
    return true;
  }

  /** Resolves when the lock is ours. Another tab may take it from us any time. */
  #hold(locks: LockManager, options: LockOptions): Promise<void> {
    return new Promise((granted) => {
      const held = locks.request(this.#name, options, () => {
        granted();
        return new Promise<never>(() => {});
      });
      void held.catch(() => this.#follow(locks));
    });
  }

  async #follow(locks: LockManager): Promise<void> {
    await this.#yield();
    await this.#hold(locks, {});
    this.#lead();
    this.#options.onalone();
  }

  /** This tab goes on. */
  #lead(): void {
    this.#given = false;
    this.#options.draft.leads = true;
    void this.#options.draft.soon();
  }

  /** Another tab goes on. Resolves when no save is on its way from here. */
  async #yield(): Promise<void> {
    this.#options.draft.leads = false;
    await this.#options.draft.quiet();
  }

  async #hear(said: Said): Promise<void> {
    const { draft, tab, show, forget } = this.#options;
    if (said.t === "take" && draft.leads) await this.#hand(said.from);
    else if (said.t === "hand" && said.to === tab) this.#expected?.(said);
    else if (said.t === "taken" && !draft.leads) {
      this.#given = true;
      forget();
    } else if (said.t === "saved" && !draft.leads && (this.#given || !draft.dirty)) {
      draft.replaceWith(said.draft);
      show(said.draft);
    }
  }

  async #hand(to: string): Promise<void> {
    const { draft } = this.#options;
    await this.#yield();
    const text = draft.dirty ? { ...draft.content, sent: draft.sent } : null;
    this.#say({ t: "hand", to, server: draft.server, text });
  }

  #say(said: Said): void {
    this.#channel?.postMessage(said);
  }
}
