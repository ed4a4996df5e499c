import { Problem } from "../lib/problem.ts";

interface RulesApi {
  egressRules(): Promise<string[] | null>;
  setEgressRules(rules: string[] | null): Promise<string[] | null>;
}

/** Where a webtask may connect to, as it is and as somebody is changing it: one rule a line. */
export class RulesDraft {
  readonly #api: RulesApi;
  #known = $state.raw<string[] | null | undefined>(undefined);

  open = $state(true);
  text = $state("");
  saving = $state(false);
  saved = $state(false);
  problem = $state.raw<Problem | null>(null);

  constructor(api: RulesApi) {
    this.#api = api;
  }

  get loaded(): boolean {
    return this.#known !== undefined;
  }

  get rules(): string[] | null {
    return this.open ? null : lines(this.text);
  }

  get changed(): boolean {
    return this.loaded && JSON.stringify(this.rules) !== JSON.stringify(this.#known);
  }

  async load(): Promise<void> {
    await this.#attempt(async () => {
      const rules = await this.#api.egressRules();
      // What is half typed stays.
      const typed = this.changed;
      this.#known = rules;
      if (!typed) this.#show(rules);
    });
  }

  async save(): Promise<void> {
    if (!this.changed || this.saving) return;
    this.saving = true;
    await this.#attempt(async () => {
      this.#show(await this.#api.setEgressRules(this.rules));
      this.saved = true;
    });
    this.saving = false;
  }

  #show(rules: string[] | null): void {
    this.#known = rules;
    this.open = rules === null;
    if (rules) this.text = rules.join("\n");
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.problem = null;
    this.saved = false;
    try {
      await work();
    } catch (thrown) {
      this.problem = Problem.from(thrown);
    }
  }
}

export function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}
