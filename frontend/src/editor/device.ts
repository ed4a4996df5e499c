/** What the workspace keeps in this device's IndexedDB: texts on their way to the server, and copies put aside. */
export type Kind = "kept" | "copies";

/** Rows by key. Another implementation stands in for it in tests. */
export interface Shelf {
  put(kind: Kind, key: string, row: object): Promise<void>;
  delete(kind: Kind, key: string): Promise<void>;
  /** Those whose key begins so, by key. */
  rows<Row>(kind: Kind, prefix: string): Promise<[key: string, row: Row][]>;
}

const KINDS: Kind[] = ["kept", "copies"];
/**
 * A browser that is busy answers late, and a page that did not wait would open without the text that is here alone; one
 * whose profile is damaged may never answer.
 */
const PATIENCE_MS = 10_000;

export class Device implements Shelf {
  readonly #database: IDBDatabase;

  /** Null where the browser keeps nothing, as some do in private windows. */
  static async open(): Promise<Device | null> {
    try {
      const request = indexedDB.open("webtasks", 1);
      request.onupgradeneeded = () => KINDS.forEach((kind) => request.result.createObjectStore(kind));
      const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
      const database = await Promise.race([done(request), late]);
      return database && new Device(database);
    } catch {
      return null;
    }
  }

  private constructor(database: IDBDatabase) {
    this.#database = database;
    // Another tab brings a newer layout: it must not wait for this one.
    database.onversionchange = () => database.close();
  }

  put(kind: Kind, key: string, row: object): Promise<void> {
    return this.#write(kind, (rows) => rows.put(row, key));
  }

  delete(kind: Kind, key: string): Promise<void> {
    return this.#write(kind, (rows) => rows.delete(key));
  }

  async rows<Row>(kind: Kind, prefix: string): Promise<[string, Row][]> {
    const rows = this.#database.transaction(kind).objectStore(kind);
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const [keys, values] = await Promise.all([done(rows.getAllKeys(range)), done(rows.getAll(range))]);
    return keys.map((key, index) => [String(key), values[index] as Row]);
  }

  async #write(kind: Kind, change: (rows: IDBObjectStore) => void): Promise<void> {
    // Relaxed: in the hands of the operating system, which outlives the browser. A sync of the disk for each key
    // would outlast the key.
    const transaction = this.#database.transaction(kind, "readwrite", { durability: "relaxed" });
    change(transaction.objectStore(kind));
    transaction.commit();
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("The device stopped the write"));
    });
  }
}

function done<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The device refused"));
  });
}
