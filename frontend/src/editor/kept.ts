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
    this.#prefix = prefixOf(webtask);
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
    for (const slot of slots(this.#store, this.#prefix)) {
      if (slot !== this.#slot && alive(slot.slice(this.#prefix.length))) continue;
      const text = this.#read(slot);
      if (!text) this.#store.removeItem(slot);
      else if (!newest || text.at > newest.at) newest = text;
    }
    return newest;
  }

  /** Forgets what `recover` offered, once it is in the editor or turned down. */
  dropDead(alive: (tab: string) => boolean): void {
    for (const slot of slots(this.#store, this.#prefix)) {
      if (slot !== this.#slot && !alive(slot.slice(this.#prefix.length))) this.#store.removeItem(slot);
    }
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

/** The tabs that left text of this webtask on the device, gone or not. */
export function tabsWithText(store: Store, webtask: string): string[] {
  const prefix = prefixOf(webtask);
  return slots(store, prefix).map((slot) => slot.slice(prefix.length));
}

const prefixOf = (webtask: string) => `webtasks:kept:${webtask}:`;

function slots(store: Store, prefix: string): string[] {
  const keys: string[] = [];
  for (let index = 0; index < store.length; index++) {
    const key = store.key(index);
    if (key?.startsWith(prefix)) keys.push(key);
  }
  return keys;
}

/** How long a tab that is being closed may still look alive. */
const LEAVING_MS = 1000;

/**
 * A name for this tab that survives a reload, held as a lock so that other tabs know it is alive. `waited` are the tabs
 * whose end is worth a moment's patience.
 */
export async function tabIdentity(
  waited: string[],
): Promise<{ tab: string; alive: (tab: string) => boolean }> {
  const KEY = "webtasks:tab";
  const locks = navigator.locks as LockManager | undefined;
  const held = new Set<string>();
  for (const lock of (await locks?.query())?.held ?? []) held.add(lock.name ?? "");
  let tab = sessionStorage.getItem(KEY);
  // A duplicated tab copies sessionStorage: whoever comes second takes a name of its own.
  if (!tab || held.has(`${KEY}:${tab}`)) tab = crypto.getRandomValues(new Uint32Array(2)).join("-");
  sessionStorage.setItem(KEY, tab);
  void locks?.request(`${KEY}:${tab}`, () => new Promise<never>(() => {}));
  const others = waited.map((other) => `${KEY}:${other}`).filter((name) => held.has(name));
  await Promise.all(
    others.map(async (name) => {
      if (locks && (await ends(locks, name))) held.delete(name);
    }),
  );
  return { tab, alive: (other) => held.has(`${KEY}:${other}`) };
}

async function ends(locks: LockManager, name: string): Promise<boolean> {
  try {
    await locks.request(name, { signal: AbortSignal.timeout(LEAVING_MS) }, () => {});
    return true;
  } catch {
    return false;
  }
}
