import type { Api } from "../lib/api.ts";
import { Problem } from "../lib/problem.ts";
import type { Invocation, RunRequest, RunResult } from "../lib/types.ts";
import type { RequestForm } from "./request.svelte.ts";

/** What a Stop came before or after: only what was asked for can have run. */
export type Stopped = "saving" | "asked";

/** How many told ones wait for their answer: it may come after what is told of it. */
const TOLD = 100;

/** Saves the draft, then runs it; one run at a time. */
export class Runner {
  readonly #api: Pick<Api, "run">;
  readonly #save: () => Promise<string>;
  readonly #form: RequestForm;
  #stop: AbortController | null = null;
  #last: RunRequest | null = null;

  running = $state(false);
  startedAt = $state(0);
  result = $state.raw<RunResult | null>(null);
  problem = $state.raw<Problem | null>(null);
  stopped = $state<Stopped | null>(null);
  /** Of what is run, unless it is the draft. */
  version = $state<number | null>(null);
  /** The etag of the draft that `result` is of. */
  draft = $state("");
  /** Milliseconds from this page and back; the draft was saved before. */
  took = $state(0);
  #told = $state.raw<Invocation[]>([]);

  /** `save` gives the etag of the draft, "" without one. */
  constructor(api: Pick<Api, "run">, save: () => Promise<string>, form: RequestForm) {
    this.#api = api;
    this.#save = save;
    this.#form = form;
  }

  async run(): Promise<void> {
    if (this.running || this.#form.error) return;
    this.#form.remember();
    const request = this.#form.toRequest();
    await this.#send(this.version === null ? request : { ...request, version: this.version });
  }

  /** The last request as it was sent, whatever the form says by now; the first time, what it says. */
  async replay(): Promise<void> {
    if (this.running) return;
    await (this.#last ? this.#send(this.#last) : this.run());
  }

  async #send(request: RunRequest): Promise<void> {
    this.#last = request;
    const stop = new AbortController();
    this.#stop = stop;
    this.running = true;
    this.startedAt = performance.now();
    this.problem = null;
    this.stopped = null;
    let asked: Stopped = "saving";
    try {
      const draft = await this.#save();
      stop.signal.throwIfAborted();
      asked = "asked";
      const began = performance.now();
      this.result = await this.#api.run(request, stop.signal);
      this.took = performance.now() - began;
      this.draft = draft;
    } catch (thrown) {
      if (!isAbort(thrown)) this.problem = Problem.from(thrown);
      else this.#end(asked);
    } finally {
      this.running = false;
    }
  }

  /** What the executor itself counted, of the answer on show; null until it is told, which not every one is. */
  get inside(): number | null {
    return this.#told.find(({ id }) => id === this.result?.invocation)?.ms ?? null;
  }

  done(invocations: Invocation[]): void {
    this.#told = [...this.#told, ...invocations].slice(-TOLD);
  }

  /** Stops waiting. What the server has begun it may finish. */
  stop(): void {
    this.#stop?.abort();
  }

  /** An older answer would look like the one to this. */
  #end(stopped: Stopped): void {
    this.stopped = stopped;
    this.result = null;
  }
}

function isAbort(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === "AbortError";
}
