import { Problem } from "../lib/problem.ts";
import { type Content, contentOf } from "./content.ts";
import type { Shelf } from "./device.ts";

/** A text that gave way to another and can be had back. On this device only. */
export interface Copy extends Content {
  key: string;
  at: string;
  /** What gave it up, in a person's words. */
  why: string;
}

export class Copies {
  readonly #shelf: Shelf | null;
  readonly #prefix: string;

  constructor(shelf: Shelf | null, webtask: string) {
    this.#shelf = shelf;
    this.#prefix = `${webtask}:`;
  }

  /** Throws a Problem where the device keeps nothing: then nothing may be given up. */
  async put(why: string, content: Content): Promise<void> {
    const at = new Date().toISOString();
    const key = `${this.#prefix}${at}:${Math.random().toString(36).slice(2)}`;
    try {
      if (!this.#shelf) throw new Error("This browser keeps nothing on the device.");
      await this.#shelf.put("copies", key, { ...contentOf(content), at, why });
    } catch (thrown) {
      const detail = `The text that would give way could not be kept as a copy, so nothing was changed. ${String(thrown)}`;
      throw new Problem(-1, { title: "This device has no room for a copy", detail });
    }
  }

  /** Newest first. */
  async list(): Promise<Copy[]> {
    const rows = (await this.#shelf?.rows<Omit<Copy, "key">>("copies", this.#prefix)) ?? [];
    return rows.map(([key, copy]) => ({ ...copy, key })).reverse();
  }

  async delete(key: string): Promise<void> {
    await this.#shelf?.delete("copies", key);
  }
}
