import type { EgressCall } from "../lib/types.ts";

/** Invocations whose calls are remembered; the server has the rest. */
const KEPT = 200;

/** Which connections to other hosts an invocation made: asked for once, then as they come. */
export class CallBook {
  readonly #load: (invocation: string) => Promise<EgressCall[]>;
  readonly #asked = new Set<string>();
  #calls = $state.raw<ReadonlyMap<string, EgressCall[]>>(new Map());

  constructor(load: (invocation: string) => Promise<EgressCall[]>) {
    this.#load = load;
  }

  /** In the order in which they ended. */
  of(invocation: string): EgressCall[] {
    return this.#calls.get(invocation) ?? [];
  }

  add(calls: EgressCall[]): void {
    const next = new Map(this.#calls);
    for (const call of calls) {
      const others = (next.get(call.invocation) ?? []).filter(({ id }) => id !== call.id);
      next.set(
        call.invocation,
        [...others, call].sort((one, other) => one.id - other.id),
      );
    }
    for (const oldest of [...next.keys()].slice(0, Math.max(0, next.size - KEPT))) {
      next.delete(oldest);
      this.#asked.delete(oldest);
    }
    this.#calls = next;
  }

  async ask(invocation: string): Promise<void> {
    if (invocation === "" || this.#asked.has(invocation)) return;
    this.#asked.add(invocation);
    try {
      this.add(await this.#load(invocation));
    } catch {
      // Beside an answer or a line they are an extra: the next look asks again.
      this.#asked.delete(invocation);
    }
  }
}
