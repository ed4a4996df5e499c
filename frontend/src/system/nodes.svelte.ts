import type { SystemBoot } from "../lib/boot.ts";
import { Caller } from "../lib/caller.ts";
import { Live, type LinkState, type LiveMessage } from "../lib/live.ts";
import { Problem } from "../lib/problem.ts";
import type { AttackResult, AttackResults, AttackRun, Executor, SecurityEvent } from "../lib/types.ts";

/** Probing starts a sandbox of each runtime: seconds, on a busy host some more. */
const PATIENCE = 60_000;

/** The nodes as the page sees them: their walls, the last attack run of each, security events. */
export class Nodes {
  readonly #api: Caller;
  readonly #live: Live;
  readonly #waits = new Map<number, ReturnType<typeof setTimeout>>();

  link = $state<LinkState>("connecting");
  executors = $state.raw<Executor[]>([]);
  /** The newest run, by executor. */
  runs = $state.raw<ReadonlyMap<number, AttackResults>>(new Map());
  /** Newest first. */
  events = $state.raw<SecurityEvent[]>([]);
  /** Executors that were asked to probe their walls and have not answered. */
  probing = $state.raw<ReadonlySet<number>>(new Set());
  /** What went wrong, by executor; 0 is the page's own connection. */
  problems = $state.raw<ReadonlyMap<number, Problem>>(new Map());

  constructor(boot: SystemBoot, url: string, open?: (url: string) => WebSocket) {
    this.#api = new Caller(boot.api, boot.csrf);
    this.executors = boot.executors;
    this.runs = new Map(boot.runs.map((run) => [run.executor, run]));
    this.events = boot.events;
    this.#live = new Live({
      url,
      topic: "system",
      since: () => this.events[0]?.id ?? 0,
      onMessage: (message) => this.receive(message),
      onState: (state) => (this.link = state),
      ...(open ? { open } : {}),
    });
  }

  connect = (): void => this.#live.connect();
  hurry = (): void => this.#live.hurry();

  async probe(executor: Executor): Promise<void> {
    this.#wait(executor.id);
    await this.#attempt(executor, async () => {
      await this.#api.call(`/executors/${executor.id}/inspect`, { method: "POST" });
    });
  }

  async attack(executor: Executor): Promise<void> {
    await this.#attempt(executor, async () => {
      const run = await this.#api.call<AttackRun>(`/executors/${executor.id}/attacks`, { method: "POST" });
      // Its first results may have come before this answer.
      if (this.runs.get(executor.id)?.run !== run.run) this.#put(run, 0, []);
    });
  }

  receive(message: LiveMessage): void {
    if (message.t === "executors") this.#executors(message.executors);
    else if (message.t === "attacks") this.#put(message.run, message.from, message.results);
    else if (message.t === "events") this.#events(message.events);
    else if (message.t === "problem")
      this.#tell(0, new Problem(message.problem.status ?? 0, message.problem));
    else if (message.t === "subscribed") this.#tell(0, null);
  }

  #executors(changed: Executor[]): void {
    for (const executor of changed) {
      const before = this.executors.find(({ id }) => id === executor.id);
      if (!executor.online || before?.probed_at !== executor.probed_at) this.#settle(executor.id);
    }
    const others = this.executors.filter(({ id }) => !changed.some((executor) => executor.id === id));
    this.executors = [...others, ...changed].sort((one, other) => one.name.localeCompare(other.name));
  }

  #put(run: AttackRun, from: number, results: AttackResult[]): void {
    const before = this.runs.get(run.executor);
    const known = before?.run === run.run ? before.results.slice(0, from) : [];
    this.runs = new Map(this.runs).set(run.executor, { ...run, results: [...known, ...results] });
  }

  #events(fresh: SecurityEvent[]): void {
    const newest = this.events[0]?.id ?? 0;
    this.events = [...fresh.filter(({ id }) => id > newest).reverse(), ...this.events];
  }

  #wait(id: number): void {
    this.probing = new Set(this.probing).add(id);
    const late = () => {
      this.#settle(id);
      const title = "The executor has not answered";
      this.#tell(id, new Problem(504, { title, detail: "Look at its log, then probe again." }));
    };
    this.#waits.set(id, setTimeout(late, PATIENCE));
  }

  #settle(id: number): void {
    clearTimeout(this.#waits.get(id));
    this.#waits.delete(id);
    this.probing = new Set([...this.probing].filter((other) => other !== id));
  }

  async #attempt(executor: Executor, work: () => Promise<void>): Promise<void> {
    this.#tell(executor.id, null);
    try {
      await work();
    } catch (thrown) {
      this.#settle(executor.id);
      this.#tell(executor.id, Problem.from(thrown));
    }
  }

  #tell(id: number, problem: Problem | null): void {
    const problems = new Map(this.problems);
    if (problem) problems.set(id, problem);
    else problems.delete(id);
    this.problems = problems;
  }
}
