import { Problem } from "../lib/problem.ts";
import { Resource } from "../lib/resource.svelte.ts";
import type { Secret, SecretChanges } from "../lib/types.ts";

interface SecretsApi {
  secrets(): Promise<Secret[]>;
  setSecrets(changes: SecretChanges): Promise<{ secrets: Secret[]; unredacted: string[] }>;
}

/** The names of a webtask's secrets. Values pass through on their way to the server, and nothing here keeps them. */
export class SecretsDraft {
  readonly #api: SecretsApi;
  readonly known: Resource<Secret[]>;

  /** A name that somebody was asked to add, until the form has taken it. */
  wanted = "";
  saving = $state(false);
  /** What the last change came to, in words. */
  said = $state("");
  /** Of those set last, the ones too plain to be hidden in logs. */
  plain = $state.raw<string[]>([]);
  problem = $state.raw<Problem | null>(null);

  constructor(api: SecretsApi) {
    this.#api = api;
    this.known = new Resource(() => api.secrets());
  }

  get secrets(): Secret[] | null {
    return this.known.data;
  }

  has(name: string): boolean {
    return (this.secrets ?? []).some((secret) => secret.name === name);
  }

  load(): Promise<void> {
    return this.known.load();
  }

  /** Whether the server has them now. */
  set(values: ReadonlyMap<string, string>): Promise<boolean> {
    return this.#change(Object.fromEntries(values), values.size === 1 ? "Set" : `${values.size} set`);
  }

  remove(name: string): Promise<boolean> {
    return this.#change(Object.fromEntries([[name, null]]), "Deleted");
  }

  async #change(changes: SecretChanges, done: string): Promise<boolean> {
    if (this.saving) return false;
    this.saving = true;
    const worked = await this.#attempt(async () => {
      const told = await this.#api.setSecrets(changes);
      this.known.set(told.secrets);
      this.plain = told.unredacted;
      this.said = `${done}, and in force`;
    });
    this.saving = false;
    return worked;
  }

  async #attempt(work: () => Promise<void>): Promise<boolean> {
    this.problem = null;
    this.said = "";
    this.plain = [];
    try {
      await work();
      return true;
    } catch (thrown) {
      this.problem = Problem.from(thrown);
      return false;
    }
  }
}
