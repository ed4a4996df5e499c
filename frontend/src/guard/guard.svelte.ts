import { Problem } from "../lib/problem.ts";
import type { Confirmed, Guard } from "../lib/types.ts";
import { confirmation } from "./confirmation.ts";
import { isSender, nameFor, type Sender, SENDERS } from "./senders.ts";

interface GuardApi {
  guard(): Promise<Guard>;
  setGuard(guard: Guard): Promise<Guard & Confirmed>;
  secretNames(): Promise<string[]>;
  setSecret(name: string, value: string): Promise<string[]>;
}

/** Stands in the list of secrets for one that is typed here. */
export const FRESH = "";

/** Who may call a webtask, as it is and as somebody is changing it. */
export class GuardDraft {
  readonly #api: GuardApi;
  readonly #changed: (guard: Guard) => void;
  #known = $state.raw<Guard | null>(null);

  who = $state<"public" | "private" | "sender">("public");
  sender = $state<Sender>("github");
  secret = $state(FRESH);
  /** The second, while one secret is changed for another. */
  next = $state(FRESH);
  tolerance = $state(300);
  /** Whether each version can be called by a URL of its own. */
  pinned = $state(true);
  name = $state("");
  value = $state("");
  names = $state.raw<string[]>([]);
  saving = $state(false);
  /** How the last save went. */
  told = $state("");
  problem = $state.raw<Problem | null>(null);

  constructor(api: GuardApi, changed: (guard: Guard) => void = () => {}) {
    this.#api = api;
    this.#changed = changed;
  }

  get loaded(): boolean {
    return this.#known !== null;
  }

  /** As the server has it. */
  get known(): Guard | null {
    return this.#known;
  }

  get makesSecret(): boolean {
    return this.who === "sender" && this.secret === FRESH;
  }

  get wanted(): Guard {
    const kind = this.who === "sender" ? this.sender : this.who;
    const tolerance = Math.round(this.tolerance) || 0;
    const { pinned } = this;
    if (this.who !== "sender") return { kind, secrets: [], tolerance, pinned };
    const first = this.makesSecret ? this.name.trim() : this.secret;
    return { kind, secrets: [first, this.next].filter((name) => name !== FRESH), tolerance, pinned };
  }

  get changed(): boolean {
    return this.makesSecret || JSON.stringify(this.wanted) !== JSON.stringify(this.#known);
  }

  async load(): Promise<void> {
    await this.#attempt(async () => {
      const [guard, names] = await Promise.all([this.#api.guard(), this.#api.secretNames()]);
      this.names = names;
      // What is half chosen stays.
      const typed = this.loaded && this.changed;
      this.#known = guard;
      if (!typed) this.#show(guard);
    });
  }

  /** Another sender has another name for its secret. */
  choose(sender: Sender): void {
    if (!this.name || this.name === nameFor(this.sender)) this.name = nameFor(sender);
    this.sender = sender;
  }

  async save(): Promise<void> {
    if (!this.changed || this.saving) return;
    this.saving = true;
    await this.#attempt(async () => {
      const wanted = this.wanted;
      if (this.makesSecret) await this.#keepSecret();
      const set = await this.#api.setGuard(wanted);
      const guard = { kind: set.kind, secrets: set.secrets, tolerance: set.tolerance, pinned: set.pinned };
      this.#show(guard);
      this.told = confirmation(set);
      this.#changed(guard);
    });
    this.saving = false;
  }

  async #keepSecret(): Promise<void> {
    const missing = this.name.trim() ? "value" : "name";
    if (!this.name.trim() || !this.value)
      throw new Problem(0, {
        title: "The signing secret is missing",
        detail: `Give its ${missing}, as ${SENDERS[this.sender].title} shows it.`,
      });
    this.names = await this.#api.setSecret(this.name.trim(), this.value.trim());
    this.secret = this.name.trim();
    this.value = "";
  }

  #show(guard: Guard): void {
    this.#known = guard;
    this.who = isSender(guard.kind) ? "sender" : guard.kind;
    if (isSender(guard.kind)) this.sender = guard.kind;
    this.tolerance = guard.tolerance;
    this.pinned = guard.pinned;
    this.secret = guard.secrets[0] ?? FRESH;
    this.next = guard.secrets[1] ?? FRESH;
    this.name ||= nameFor(this.sender);
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.problem = null;
    this.told = "";
    try {
      await work();
    } catch (thrown) {
      this.problem = Problem.from(thrown);
    }
  }
}
