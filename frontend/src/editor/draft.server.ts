import { Problem } from "../lib/problem.ts";
import type { Draft } from "../lib/types.ts";
import type { Content } from "./content.ts";

/** For the tests: one draft row with the real preconditions; `fail` makes the next calls fail. */
export class Server {
  row: Draft = { code: "one", files: {}, base: 1, etag: "", saved_at: null };
  puts: string[] = [];
  fail: (() => Problem | null)[] = [];
  gate: Promise<void> = Promise.resolve();
  #count = 0;

  save = async (content: Content, base: number | null, etag: string): Promise<Draft> => {
    this.puts.push(content.code);
    await this.gate;
    const failure = this.fail.shift()?.();
    if (failure) throw failure;
    if (etag !== this.row.etag) throw new Problem(412, { current: this.row });
    return this.store(content.code, base, content.files);
  };

  store(code: string, base: number | null = 1, files: Content["files"] = {}): Draft {
    this.row = { code, files, base, etag: `e${++this.#count}`, saved_at: "2026-01-01T10:42:00Z" };
    return this.row;
  }
}
