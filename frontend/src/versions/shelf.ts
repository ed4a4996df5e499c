import type { Version } from "../lib/types.ts";

/** So many versions can have a MiB of code each. */
const MOST = 20;

/** Versions that were looked at: they never change, so each is fetched once. */
export class Shelf {
  readonly #load: (number: number) => Promise<Version>;
  readonly #kept = new Map<number, Promise<Version>>();

  constructor(load: (number: number) => Promise<Version>) {
    this.#load = load;
  }

  get(number: number): Promise<Version> {
    const version = this.#kept.get(number) ?? this.#load(number);
    this.#kept.delete(number);
    this.#kept.set(number, version);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST && oldest !== undefined) this.#kept.delete(oldest);
    // A failure is not kept: the next look asks again.
    version.catch(() => this.#kept.delete(number));
    return version;
  }
}
