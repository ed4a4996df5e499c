/** Text that this device holds until the server has it. Survives a closed tab, a crash and a power cut. */
export interface KeptText {
  code: string;
  /** The server's draft this text was written on. */
  base: number | null;
  etag: string;
  at: string;
}

export interface Keep {
  put(text: KeptText): boolean;
  drop(): void;
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/**
 * One slot per tab, so that two tabs with different text never overwrite each other's copy.
 * localStorage, not IndexedDB: its write is done when the call returns, also while the page is closing.
 */
export class DeviceKeep implements Keep {
  readonly #store: Store;
  readonly #prefix: string;
  readonly #slot: string;

  constructor(store: Store, webtask: string, tab: string) {
    this.#store = store;
    this.#prefix = `webtasks:kept:${webtask}:`;
    this.#slot = this.#prefix + tab;
  }

  /** False when the device has no room: then only this page holds the text. */
  put(text: KeptText): boolean {
    try {
      this.#store.setItem(this.#slot, JSON.stringify(text));
      return true;
    } catch {
      return false;
    }
  }

  drop(): void {
    this.#store.removeItem(this.#slot);
  }

  /** Takes over the newest text left by tabs that are gone (or by this one before a reload). */
  recover(alive: (tab: string) => boolean): KeptText | null {
    let newest: KeptText | null = null;
    for (const slot of this.#slots()) {
      if (slot !== this.#slot && alive(slot.slice(this.#prefix.length))) continue;
      const text = this.#read(slot);
      if (!text) this.#store.removeItem(slot);
      else if (!newest || text.at > newest.at) newest = text;
    }
    return newest;
  }

  /** Forgets what `recover` offered, once it is in the editor or turned down. */
  dropDead(alive: (tab: string) => boolean): void {
    for (const slot of this.#slots()) {
      if (slot !== this.#slot && !alive(slot.slice(this.#prefix.length))) this.#store.removeItem(slot);
    }
  }

  #slots(): string[] {
    const keys: string[] = [];
    for (let index = 0; index < this.#store.length; index++) {
      const key = this.#store.key(index);
      if (key?.startsWith(this.#prefix)) keys.push(key);
    }
    return keys;
  }

  #read(slot: string): KeptText | null {
    try {
      const text = JSON.parse(this.#store.getItem(slot) ?? "") as KeptText;
      return typeof text.code === "string" ? text : null;
    } catch {
      return null;
    }
  }
}

/** A name for this tab that survives a reload, held as a lock so that other tabs know it is alive. */
export async function tabIdentity(): Promise<{ tab: string; alive: (tab: string) => boolean }> {
  const KEY = "webtasks:tab";
  const locks = navigator.locks as LockManager | undefined;
  const held = new Set<string>();
  for (const lock of (await locks?.query())?.held ?? []) held.add(lock.name ?? "");
  let tab = sessionStorage.getItem(KEY);
  // A duplicated tab copies sessionStorage: whoever comes second takes a name of its own.
  if (!tab || held.has(`${KEY}:${tab}`)) tab = crypto.getRandomValues(new Uint32Array(2)).join("-");
  sessionStorage.setItem(KEY, tab);
  void locks?.request(`${KEY}:${tab}`, () => new Promise<never>(() => {}));
  return { tab, alive: (other) => held.has(`${KEY}:${other}`) };
}
