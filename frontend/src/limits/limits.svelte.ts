import type { Limited } from "../lib/api.ts";
import { Problem } from "../lib/problem.ts";
import type { Limit, LimitChanges } from "../lib/types.ts";
import { parse, trouble, unitOf } from "./amount.ts";

/** The limits of a team or a webtask, as they are and as somebody is changing them. */
export class LimitsDraft {
  readonly #api: Limited;
  readonly #onChange: (limits: Limit[]) => void;

  limits = $state.raw<Limit[] | null>(null);
  /** What stands in the fields, by name; "" is what holds above. */
  typed = $state<Record<string, string>>({});
  saving = $state(false);
  saved = $state(false);
  problem = $state.raw<Problem | null>(null);

  constructor(api: Limited, known: Limit[] | null = null, onChange: (limits: Limit[]) => void = () => {}) {
    this.#api = api;
    this.#onChange = onChange;
    if (known) this.#show(known);
  }

  async load(): Promise<void> {
    await this.#attempt(async () => {
      const limits = await this.#api.limits();
      // What is half typed stays, beside the limits that it was typed for: of others the units may differ.
      if (!this.changed) this.#show(limits);
    });
  }

  /** The fixed unit of a field: that of the value it showed first. */
  unit(limit: Limit): { suffix: string; size: number } {
    return unitOf(limit, limit.own ?? limit.inherited);
  }

  error(limit: Limit): string {
    const [said] = this.problem?.errors[limit.name] ?? [];
    return trouble(limit, this.#value(limit)) || said || "";
  }

  get changes(): LimitChanges {
    const changed = (this.limits ?? []).filter((limit) => this.#value(limit) !== limit.own);
    return Object.fromEntries(changed.map((limit) => [limit.name, this.#value(limit)]));
  }

  get changed(): boolean {
    return Object.keys(this.changes).length > 0;
  }

  get wrong(): boolean {
    return (this.limits ?? []).some((limit) => trouble(limit, this.#value(limit)) !== "");
  }

  async save(): Promise<void> {
    if (!this.changed || this.wrong || this.saving) return;
    this.saving = true;
    await this.#attempt(async () => {
      this.#show(await this.#api.setLimits(this.changes));
      this.saved = true;
    });
    this.saving = false;
  }

  undo(): void {
    if (this.limits) this.#show(this.limits);
    this.problem = null;
  }

  #value(limit: Limit): number | null {
    return parse(this.typed[limit.name] ?? "", this.unit(limit).size);
  }

  #show(limits: Limit[]): void {
    this.limits = limits;
    this.#onChange(limits);
    this.typed = Object.fromEntries(
      limits.map((limit) => [
        limit.name,
        limit.own === null ? "" : String(limit.own / this.unit(limit).size),
      ]),
    );
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
