import type { Caller } from "../lib/caller.ts";
import type { Modules, Secrets, StoredDocument, Typings } from "../lib/types.ts";
import { declare } from "./declarations.ts";
import { packageOf, requestsIn } from "./mentions.ts";

export type Api = Pick<Caller, "call">;

/** Packages whose declarations are fetched, with those that they need themselves. */
const MOST_TYPED = 40;

/** What the webtask has beside its code, as far as the server has told: for completions, hints and types. */
export class Known {
  readonly #api: Api;
  readonly #storage: boolean;
  readonly #told: () => void;
  readonly #asked = new Set<string>();
  readonly #untyped = new Set<string>();

  secrets: string[] | null = null;
  params: string[] | null = null;
  modules: string[] | null = null;

  /** `storage` is whether its document may be read; `told` of whatever became known. */
  constructor(api: Api, storage: boolean, told: () => void) {
    this.#api = api;
    this.#storage = storage;
    this.#told = told;
  }

  /** What cannot be had is not known: nothing is said about it then. */
  async refresh(): Promise<void> {
    await Promise.all([
      this.#attempt(async () => {
        const { secrets, params } = await this.#api.call<Secrets>("/secrets");
        this.secrets = secrets.map(({ name }) => name);
        this.params = params;
        declare("webtask-secrets.d.ts", members("Secrets", "readonly", this.secrets, "string"));
        declare("webtask-params.d.ts", members("Params", "", params, "string"));
      }),
      this.#attempt(async () => {
        const { modules } = await this.#api.call<Modules>("/modules");
        this.modules = [...new Set(modules.map(({ name }) => name))];
        // What was asked in vain may be installed by now.
        for (const name of this.#untyped) this.#asked.delete(name);
        this.#untyped.clear();
      }),
    ]);
    this.#told();
  }

  /** Once, when code says that it stores something. */
  async learnStored(): Promise<void> {
    if (!this.#storage || this.#asked.has(STORED)) return;
    this.#asked.add(STORED);
    await this.#attempt(async () => {
      const { data } = await this.#api.call<StoredDocument>("/storage");
      const stored = JSON.parse(data ?? "null") as unknown;
      if (typeof stored !== "object" || stored === null || Array.isArray(stored)) return;
      const keys = members("Document", "", Object.keys(stored).slice(0, 500), "any");
      declare(
        "webtask-stored.d.ts",
        `${keys}declare namespace Webtask { interface Types { stored: Document } }`,
      );
    });
  }

  /** The declarations of the packages that code loads, and of those that these need. */
  async learnTypes(code: string): Promise<void> {
    const wanted = requestsIn(code).flatMap(({ name }) => packageOf(name) ?? []);
    const fresh = [...new Set(wanted)].filter((name) => !this.#asked.has(name) && this.#installed(name));
    for (const name of fresh) if (this.#asked.size < MOST_TYPED) await this.#learn(name);
  }

  #installed(name: string): boolean {
    const at = name.indexOf("@", 1);
    return at > 0 || (this.modules ?? []).includes(name);
  }

  async #learn(name: string): Promise<void> {
    if (this.#asked.has(name) || this.#asked.size >= MOST_TYPED) return;
    this.#asked.add(name);
    const at = name.indexOf("@", 1);
    const [bare, version] = at > 0 ? [name.slice(0, at), name.slice(at + 1)] : [name, ""];
    await this.#attempt(async () => {
      const query = version ? `?version=${encodeURIComponent(version)}` : "";
      const { files, package: found } = await this.#api.call<Typings>(`/typings/${bare}${query}`);
      if (Object.keys(files).length === 0) this.#untyped.add(name);
      const folder = `node_modules/${found === bare ? name : found}`;
      for (const [path, text] of Object.entries(files)) declare(`${folder}/${path}`, text);
      const needs = new Set(Object.values(files).flatMap((text) => requestsIn(text).map(({ name }) => name)));
      for (const need of needs) {
        const other = packageOf(need);
        if (other && other !== bare) await this.#learn(other);
      }
    });
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch {
      // Offline, or not for this person: the editor works without.
    }
  }
}

const STORED = "\0stored";

function members(name: string, modifier: string, keys: string[], type: string): string {
  const lines = keys.map((key) => `${modifier} ${JSON.stringify(key)}: ${type};`);
  return `declare namespace Webtask { interface ${name} { ${lines.join("\n")} } }\n`;
}
