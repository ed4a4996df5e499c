import { Problem } from "../lib/problem.ts";
import type { Collaborator, NewCollaborator, Right } from "../lib/types.ts";

export interface SharingApi {
  collaborators(): Promise<Collaborator[]>;
  share(wanted: NewCollaborator): Promise<Collaborator>;
  unshare(number: number): Promise<void>;
}

/** Whom outside the team one webtask is shared with; each change is in force when it is shown. */
export class Sharing {
  readonly #api: SharingApi;
  #last: Promise<void> = Promise.resolve();

  collaborators = $state.raw<Collaborator[] | null>(null);
  /** What somebody is being given. */
  kind = $state<"email" | "team">("email");
  name = $state("");
  rights = $state<Right[]>(["code"]);
  busy = $state(false);
  said = $state("");
  problem = $state.raw<Problem | null>(null);

  constructor(api: SharingApi) {
    this.#api = api;
  }

  get complete(): boolean {
    return this.name.trim() !== "" && this.rights.length > 0;
  }

  load(): Promise<void> {
    return this.#attempt(async () => {
      this.collaborators = await this.#api.collaborators();
      return "";
    });
  }

  add(): Promise<void> {
    return this.#attempt(async () => {
      if (!this.complete) return "";
      const name = this.name.trim();
      const rights = [...this.rights];
      this.#put(await this.#api.share({ [this.kind]: name, rights }));
      this.name = "";
      return `Shared with ${name}`;
    });
  }

  /** Gives or takes a right; not the last one, for then it is to be removed. */
  grant(number: number, right: Right, given: boolean): Promise<void> {
    return this.#attempt(async () => {
      const one = this.#one(number);
      const others = one?.rights.filter((held) => held !== right) ?? [];
      const rights = given ? [...others, right] : others;
      if (!one || rights.length === 0) return "";
      this.#put(await this.#api.share({ ...whom(one), rights }));
      return `Changed for ${who(one)}`;
    });
  }

  holds(number: number, right: Right): boolean {
    return this.#one(number)?.rights.includes(right) ?? false;
  }

  remove(one: Collaborator): Promise<void> {
    return this.#attempt(async () => {
      await this.#api.unshare(one.number);
      this.collaborators = this.collaborators?.filter(({ number }) => number !== one.number) ?? null;
      return `Not shared with ${who(one)} any more`;
    });
  }

  #one(number: number): Collaborator | undefined {
    return this.collaborators?.find((one) => one.number === number);
  }

  #put(made: Collaborator): void {
    const others = this.collaborators?.filter(({ number }) => number !== made.number) ?? [];
    this.collaborators = [...others, made].sort((one, other) => one.number - other.number);
  }

  /** One after the other: who ticks two boxes gives two rights. */
  #attempt(work: () => Promise<string>): Promise<void> {
    this.#last = this.#last.then(() => this.#run(work));
    return this.#last;
  }

  async #run(work: () => Promise<string>): Promise<void> {
    this.busy = true;
    this.problem = null;
    this.said = "";
    try {
      this.said = await work();
    } catch (thrown) {
      this.problem = Problem.from(thrown);
    }
    this.busy = false;
  }
}

/** An address, or “team acme”. */
export function who(one: Collaborator): string {
  return one.email ?? `team ${one.team}`;
}

function whom(one: Collaborator): { email: string } | { team: string } {
  return one.email === null ? { team: one.team ?? "" } : { email: one.email };
}
