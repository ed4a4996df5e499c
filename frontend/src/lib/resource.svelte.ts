import { Problem } from "./problem.ts";

/** Something of the server's, and how it stands with it: what was had last stays on show when a later ask fails. */
export class Resource<T> {
  readonly #ask: () => Promise<T>;
  #latest = 0;

  data = $state.raw<T | null>(null);
  problem = $state.raw<Problem | null>(null);
  loading = $state(false);
  /** When `data` was had, in milliseconds since the epoch. */
  at = $state(0);

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  /** Of several at once the last one asked for counts. */
  async load(): Promise<void> {
    const mine = ++this.#latest;
    this.loading = true;
    try {
      const data = await this.#ask();
      if (mine === this.#latest) this.set(data);
    } catch (thrown) {
      if (mine === this.#latest) this.problem = Problem.from(thrown);
    } finally {
      if (mine === this.#latest) this.loading = false;
    }
  }

  /** What a write has answered. */
  set(data: T): void {
    this.#latest++;
    this.data = data;
    this.at = Date.now();
    this.problem = null;
    this.loading = false;
  }
}
