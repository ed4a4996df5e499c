import type { Api } from "../lib/api.ts";
import { Problem } from "../lib/problem.ts";
import type { RunResult } from "../lib/types.ts";
import type { RequestForm } from "./request.svelte.ts";

/** Saves the draft, then runs it; one run at a time. */
export class Runner {
  readonly #api: Api;
  readonly #save: () => Promise<void>;
  readonly #form: RequestForm;
  #stop: AbortController | null = null;

  running = $state(false);
  startedAt = $state(0);
  result = $state.raw<RunResult | null>(null);
  problem = $state.raw<Problem | null>(null);

  constructor(api: Api, save: () => Promise<void>, form: RequestForm) {
    this.#api = api;
    this.#save = save;
    this.#form = form;
  }

  async run(): Promise<void> {
    if (this.running || this.#form.error) return;
    this.#form.remember();
    this.#stop = new AbortController();
    this.running = true;
    this.startedAt = performance.now();
    this.problem = null;
    try {
      await this.#save();
      this.result = await this.#api.run(this.#form.toRequest(), this.#stop.signal);
    } catch (thrown) {
      if (!isAbort(thrown)) this.problem = Problem.from(thrown);
    } finally {
      this.running = false;
    }
  }

  /** Stops waiting; the executor ends the invocation when its caller is gone. */
  stop(): void {
    this.#stop?.abort();
  }
}

function isAbort(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === "AbortError";
}
