import type { Content } from "./content.ts";
import type { Shelf } from "./device.ts";
import { Journal, type Store } from "./journal.ts";

/** Text that the server does not have, and the server's draft that it was written on. */
export interface Unsaved extends Content {
  base: number | null;
  etag: string;
  /** Digests of what was sent since, without an answer. */
  sent?: string[];
}

/** As this device holds it until the server has it. Survives a closed tab, a crash and a browser that dies. */
export interface KeptText extends Unsaved {
  at: string;
}

export interface Keep {
  /** False while only this page holds the text; `later` is called when the device has it after all. */
  put(text: Unsaved, later: () => void): boolean;
  drop(): void;
}

/** The next page may be older than the last save of this one: by then it is not. */
const HOLD_MS = 10_000;

/** In the place of a text: up to then the server has what was typed. */
type Mark = Pick<KeptText, "at"> & Partial<KeptText>;

/** As many writes may be on their way; of what is typed meanwhile only the last matters. */
const FLYING = 4;
/** How long a mark outvotes a text that localStorage did not yet forget. */
const MARK_MS = 3_600_000;

/**
 * One slot per tab, so that two tabs with different text never overwrite each other's copy. In two places, for either
 * loses what the other holds (ADR 25): localStorage forgets its last seconds when the browser dies, IndexedDB those
 * writes that were on their way when the page died.
 */
export class DeviceKeep implements Keep {
  readonly #journal: Journal;
  readonly #shelf: Shelf | null;
  readonly #prefix: string;
  readonly #slot: string;
  #flying = 0;
  #waiting: (() => Promise<void>) | null = null;
  #last = 0;
  #held: ReturnType<typeof setTimeout> | undefined;
  #dropped = false;

  constructor(store: Store, shelf: Shelf | null, webtask: string, tab: string) {
    this.#journal = new Journal(store);
    this.#shelf = shelf;
    this.#prefix = prefixOf(webtask);
    this.#slot = this.#prefix + tab;
  }

  put(text: Unsaved, later: () => void): boolean {
    this.#dropped = false;
    const kept = { ...text, at: this.#now() };
    const written = this.#journal.put(this.#slot, kept);
    this.#write(kept, later);
    return written;
  }

  drop(): void {
    this.#dropped = true;
    if (this.#held) return;
    this.#journal.drop(this.#slot);
    this.#write({ at: this.#now() });
  }

  /** The page may be ending: what is dropped now stays for a while. */
  hold(): void {
    clearTimeout(this.#held);
    this.#held = setTimeout(() => {
      this.#held = undefined;
      if (this.#dropped) this.drop();
    }, HOLD_MS);
  }

  /** The others that left text, gone or not. */
  async tabs(): Promise<string[]> {
    const rows = (await this.#shelf?.rows<Mark>("kept", this.#prefix)) ?? [];
    const shelved = rows.filter(([, mark]) => isText(mark)).map(([slot]) => slot);
    const slots = new Set([...shelved, ...this.#journal.slots(this.#prefix)]);
    slots.delete(this.#slot);
    return [...slots].map((slot) => slot.slice(this.#prefix.length));
  }

  /** Text left by tabs that are gone, the newest first; with `mine` also by this one, before a reload. */
  async left(alive: (tab: string) => boolean, mine = true): Promise<KeptText[]> {
    const dead = await this.#dead(alive);
    if (!mine) dead.delete(this.#slot);
    return [...dead.values()].filter(isText).sort((one, other) => (one.at < other.at ? 1 : -1));
  }

  /** Forgets what `left` offered, once it is in the editor or put aside. */
  async dropDead(alive: (tab: string) => boolean): Promise<void> {
    const forget = new Date(Date.now() - MARK_MS).toISOString();
    for (const [slot, mark] of await this.#dead(alive)) {
      if (slot === this.#slot) continue;
      this.#journal.drop(slot);
      const old = isText(mark) || mark.at > forget;
      await (old ? this.#shelf?.put("kept", slot, { at: mark.at }) : this.#shelf?.delete("kept", slot));
    }
  }

  /** By slot, whichever place knows the newer. */
  async #dead(alive: (tab: string) => boolean): Promise<Map<string, Mark>> {
    const found = new Map<string, Mark>((await this.#shelf?.rows<Mark>("kept", this.#prefix)) ?? []);
    for (const slot of this.#journal.slots(this.#prefix)) {
      const text = this.#journal.read(slot);
      if (text && text.at > (found.get(slot)?.at ?? "")) found.set(slot, text);
    }
    for (const slot of found.keys()) {
      if (slot !== this.#slot && alive(slot.slice(this.#prefix.length))) found.delete(slot);
    }
    return found;
  }

  #write(mark: Mark, later?: () => void): void {
    const shelf = this.#shelf;
    if (!shelf) return;
    this.#waiting = () => shelf.put("kept", this.#slot, mark).then(later, () => {});
    this.#next();
  }

  #next(): void {
    if (!this.#waiting || this.#flying === FLYING) return;
    const write = this.#waiting;
    this.#waiting = null;
    this.#flying++;
    void write().finally(() => {
      this.#flying--;
      this.#next();
    });
  }

  /** Never the same moment twice: which of two is the newer decides. */
  #now(): string {
    this.#last = Math.max(Date.now(), this.#last + 1);
    return new Date(this.#last).toISOString();
  }
}

function isText(mark: Mark): mark is KeptText {
  return mark.code !== undefined;
}

const prefixOf = (webtask: string) => `webtasks:kept:${webtask}:`;
