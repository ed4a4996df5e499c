import { Caller } from "../lib/caller.ts";
import { Problem } from "../lib/problem.ts";
import { Resource } from "../lib/resource.svelte.ts";

export interface LinkApi {
  link(): Promise<string | null>;
  makeLink(): Promise<string>;
  takeLinkBack(): Promise<void>;
}

export class LinkCaller extends Caller implements LinkApi {
  async link(): Promise<string | null> {
    return (await this.call<{ url: string | null }>("/share-page")).url;
  }

  async makeLink(): Promise<string> {
    return (await this.call<{ url: string }>("/share-page", { method: "POST" })).url;
  }

  takeLinkBack(): Promise<void> {
    return this.call("/share-page", { method: "DELETE" });
  }
}

/** The link by which everybody sees the live code; what is shown is what the server has. */
export class CodeLink {
  readonly #api: LinkApi;
  /** `url` is null while there is none. */
  readonly found: Resource<{ url: string | null }>;

  busy = $state(false);
  said = $state("");
  problem = $state.raw<Problem | null>(null);

  constructor(api: LinkApi) {
    this.#api = api;
    this.found = new Resource(async () => ({ url: await api.link() }));
  }

  /** In place of one that is there. */
  make(): Promise<void> {
    const before = this.found.data?.url;
    return this.#attempt(async () => {
      this.found.set({ url: await this.#api.makeLink() });
      return before ? "The link before leads nowhere now" : "Everybody who has the link sees the code";
    });
  }

  takeBack(): Promise<void> {
    return this.#attempt(async () => {
      await this.#api.takeLinkBack();
      this.found.set({ url: null });
      return "The link leads nowhere now";
    });
  }

  async #attempt(work: () => Promise<string>): Promise<void> {
    if (this.busy) return;
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
