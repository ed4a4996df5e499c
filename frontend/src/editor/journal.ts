import type { KeptText } from "./kept.ts";

export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** Texts in localStorage, by slot: a write is with the browser when the call returns, also of a page that is dying. */
export class Journal {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** False when there is no room. */
  put(slot: string, text: KeptText): boolean {
    try {
      this.#store.setItem(slot, JSON.stringify(text));
      return true;
    } catch {
      // What is there is older than what is typed now: better nothing.
      this.drop(slot);
      return false;
    }
  }

  drop(slot: string): void {
    try {
      this.#store.removeItem(slot);
    } catch {
      // A browser that keeps nothing has nothing to drop.
    }
  }

  /** Null for what is damaged, which is removed. */
  read(slot: string): KeptText | null {
    try {
      const text = JSON.parse(this.#store.getItem(slot) ?? "") as Omit<KeptText, "files"> & Partial<KeptText>;
      // Before there were files, a text was kept without.
      if (typeof text.code === "string") return { ...text, files: text.files ?? {} };
    } catch {
      // Falls through to the removal.
    }
    this.drop(slot);
    return null;
  }

  slots(prefix: string): string[] {
    const keys: string[] = [];
    for (let index = 0; index < this.#store.length; index++) {
      const key = this.#store.key(index);
      if (key?.startsWith(prefix)) keys.push(key);
    }
    return keys;
  }
}
