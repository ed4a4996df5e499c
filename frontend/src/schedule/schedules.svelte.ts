import type { Caller } from "../lib/caller.ts";
import { Problem } from "../lib/problem.ts";
import { Resource } from "../lib/resource.svelte.ts";
import type { Firing, NewSchedule, Schedule, ScheduleChanges } from "../lib/types.ts";
import { OWN } from "./moments.ts";

/** The schedules of a webtask, and what came of each. */
export class ScheduleBook {
  readonly #api: Pick<Caller, "call">;
  readonly all: Resource<Schedule[]>;
  readonly #histories = new Map<string, Resource<Firing[]>>();

  busy = $state(false);
  /** What the last change came to, in words. */
  said = $state("");
  /** Of the last change. */
  problem = $state.raw<Problem | null>(null);
  /** In which zone times are shown; `OWN` is that of each schedule. */
  zone = $state(OWN);

  constructor(api: Pick<Caller, "call">) {
    this.#api = api;
    this.all = new Resource(() => api.call<Schedule[]>("/schedules"));
  }

  load(): Promise<void> {
    return this.all.load();
  }

  /** Newest first. */
  history(name: string): Resource<Firing[]> {
    let found = this.#histories.get(name);
    if (!found) {
      found = new Resource(() => this.#api.call<Firing[]>(`${path(name)}/history`));
      this.#histories.set(name, found);
    }
    return found;
  }

  /** Whether the server has it now. */
  add(wanted: NewSchedule): Promise<boolean> {
    return this.#change("Scheduled", async () => {
      this.#put(await this.#api.call<Schedule>("/schedules", { method: "POST", body: wanted }));
    });
  }

  change(name: string, changes: ScheduleChanges): Promise<boolean> {
    return this.#change("Changed, and in force", async () => {
      this.#put(await this.#api.call<Schedule>(path(name), { method: "PATCH", body: changes }));
    });
  }

  remove(name: string): Promise<boolean> {
    return this.#change("Deleted", async () => {
      await this.#api.call(path(name), { method: "DELETE" });
      this.#histories.delete(name);
      this.all.set(this.#others(name));
    });
  }

  #others(name: string): Schedule[] {
    return (this.all.data ?? []).filter((schedule) => schedule.name !== name);
  }

  #put(schedule: Schedule): void {
    const all = [...this.#others(schedule.name), schedule];
    this.all.set(all.sort((one, other) => (one.name < other.name ? -1 : 1)));
  }

  async #change(done: string, work: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = null;
    this.said = "";
    try {
      await work();
      this.said = done;
      return true;
    } catch (thrown) {
      this.problem = Problem.from(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

function path(name: string): string {
  return `/schedules/${encodeURIComponent(name)}`;
}
