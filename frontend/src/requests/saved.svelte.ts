/** A request as it is kept on this device. */
export interface Kept {
  method: string;
  path: string;
  headers: string;
  body: string;
}

export interface Saved extends Kept {
  name: string;
}

export type Shelf = Pick<Storage, "getItem" | "setItem">;

export const MOST_SAVED = 50;

/** The requests that somebody named, for one webtask, on this device. Credentials are never among what is kept. */
export class SavedRequests {
  readonly #shelf: Shelf;
  readonly #key: string;

  list = $state.raw<Saved[]>([]);
  /** Why the last change was not kept. */
  trouble = $state("");

  constructor(shelf: Shelf, webtask: string) {
    this.#shelf = shelf;
    this.#key = `webtasks:requests:${webtask}`;
    this.list = this.#read();
  }

  has(name: string): boolean {
    return this.list.some((one) => one.name === name.trim());
  }

  /** In place of the one of that name. */
  save(name: string, request: Kept): boolean {
    const saved = { ...kept(request), name: name.trim() };
    return this.#change((list) => {
      const known = list.some((one) => one.name === saved.name);
      return known ? list.map((one) => (one.name === saved.name ? saved : one)) : [...list, saved];
    });
  }

  rename(from: string, to: string): boolean {
    const name = to.trim();
    if (!name || name === from) return true;
    return this.#change((list) => {
      if (list.some((one) => one.name === name)) throw new Error(`There is a “${name}” already.`);
      return list.map((one) => (one.name === from ? { ...one, name } : one));
    });
  }

  remove(name: string): boolean {
    return this.#change((list) => list.filter((one) => one.name !== name));
  }

  /** On what the device has now: another tab may have saved meanwhile. */
  #change(change: (list: Saved[]) => Saved[]): boolean {
    this.trouble = "";
    try {
      const list = change(this.#read());
      if (list.length > MOST_SAVED) throw new Error(`${MOST_SAVED} are the most. Delete one first.`);
      this.list = list;
      this.#shelf.setItem(this.#key, JSON.stringify(list));
      return true;
    } catch (thrown) {
      this.list = this.#read();
      const full = thrown instanceof DOMException;
      this.trouble = full ? "This device has no room to keep it." : (thrown as Error).message;
      return false;
    }
  }

  #read(): Saved[] {
    try {
      const found: unknown = JSON.parse(this.#shelf.getItem(this.#key) ?? "[]");
      return Array.isArray(found) ? found.filter(isSaved) : [];
    } catch {
      return [];
    }
  }
}

/** Without lines that say who somebody is. */
export function kept({ method, path, headers, body }: Kept): Kept {
  const lines = headers.split("\n").filter((line) => !/^\s*authorization\s*:/i.test(line));
  return { method, path, headers: lines.join("\n"), body };
}

function isSaved(value: unknown): value is Saved {
  const saved = value as Saved | null;
  return ["name", "method", "path", "headers", "body"].every(
    (field) => typeof saved?.[field as keyof Saved] === "string",
  );
}
