import { Problem } from "../lib/problem.ts";
import type { Confirmed } from "../lib/types.ts";
import { confirmation } from "./confirmation.ts";

interface PauseApi {
  setPaused(paused: boolean): Promise<Confirmed & { paused: boolean }>;
}

/** Whether a webtask is paused, and the change of it. */
export class Pause {
  readonly #api: PauseApi;

  paused = $state(false);
  saving = $state(false);
  told = $state("");
  problem = $state.raw<Problem | null>(null);

  constructor(api: PauseApi, paused: boolean) {
    this.#api = api;
    this.paused = paused;
  }

  async set(paused: boolean): Promise<void> {
    if (this.saving) return;
    this.saving = true;
    this.problem = null;
    this.told = "";
    try {
      const set = await this.#api.setPaused(paused);
      this.paused = set.paused;
      this.told = confirmation(set);
    } catch (thrown) {
      this.problem = Problem.from(thrown);
    }
    this.saving = false;
  }
}
