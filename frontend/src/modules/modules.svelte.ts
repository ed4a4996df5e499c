import type { Caller } from "../lib/caller.ts";
import { Problem } from "../lib/problem.ts";
import { Resource } from "../lib/resource.svelte.ts";
import type { Install, Module, Modules } from "../lib/types.ts";

/** How long between two looks at an installation. */
const LOOK = 1_000;

/** The packages of a webtask's draft, and how the installation of them goes on. */
export class ModuleBook {
  readonly #api: Pick<Caller, "call">;
  readonly known: Resource<Modules>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watched = false;

  busy = $state(false);
  /** What the last change came to, in words. */
  said = $state("");
  /** Of the last change. */
  problem = $state.raw<Problem | null>(null);

  constructor(api: Pick<Caller, "call">) {
    this.#api = api;
    this.known = new Resource(() => api.call<Modules>("/modules"));
  }

  async load(): Promise<void> {
    await this.known.load();
    this.#lookAgain();
  }

  /** While somebody looks, and something is under way, it is looked at again. Returns the way to stop. */
  watch(): () => void {
    this.#watched = true;
    void this.load();
    return () => {
      this.#watched = false;
      clearTimeout(this.#timer);
    };
  }

  /** Whether it was taken. A range or a tag will do. */
  add(name: string, version: string): Promise<boolean> {
    return this.#change(async () => {
      const body = { name, ...(version ? { version } : {}) };
      this.known.set(await this.#api.call<Modules>("/modules", { method: "POST", body }));
      this.said = `${name} is on the list for drafts and the next version`;
      this.#lookAgain();
    });
  }

  remove(name: string): Promise<boolean> {
    return this.#change(async () => {
      await this.#api.call(`/modules/${name}`, { method: "DELETE" });
      this.said = `${name} is removed from drafts and the next version`;
      await this.load();
    });
  }

  #lookAgain(): void {
    clearTimeout(this.#timer);
    if (this.#watched && (this.known.problem || underWay(this.known.data?.install ?? null)))
      this.#timer = setTimeout(() => void this.load(), LOOK);
  }

  async #change(work: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = null;
    this.said = "";
    try {
      await work();
      return true;
    } catch (thrown) {
      this.problem = Problem.from(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

export function underWay(install: Install | null): boolean {
  return install?.state === "queued" || install?.state === "installing";
}

/** Those that this webtask asked for, and those that all have. */
export function parted(modules: Module[]): { own: Module[]; platform: Module[] } {
  const own = modules.filter(({ origin }) => origin !== "platform");
  return { own, platform: modules.filter(({ origin }) => origin === "platform") };
}

/** “express@4.x”, “@scope/name@1.2.3”, “lodash”: what people paste, as a name and a version. */
export function asked(text: string): { name: string; version: string } {
  const words = text
    .trim()
    .replace(/^npm\s+(i|install|add)\s+/, "")
    .trim();
  const at = words.indexOf("@", 1);
  return at < 0 ? { name: words, version: "" } : { name: words.slice(0, at), version: words.slice(at + 1) };
}
