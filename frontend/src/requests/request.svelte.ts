import type { RunRequest } from "../lib/types.ts";
import { parseHeaders } from "./headers.ts";
import type { Pasted } from "./pasted.ts";
import { type Kept, kept, SavedRequests, type Shelf } from "./saved.svelte.ts";

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;

/** The request as it is being written; remembered per webtask on this device. */
export class RequestForm {
  readonly #key: string;
  readonly #shelf: Shelf;
  readonly saved: SavedRequests;

  method = $state("GET");
  path = $state("/");
  headers = $state("");
  body = $state("");
  /** Whose request it is: sent as `Authorization: Bearer …`, and kept nowhere but here. */
  token = $state("");
  #before = $state.raw<(Kept & { token: string }) | null>(null);

  constructor(webtask: string, shelf: Shelf = localStorage) {
    this.#key = `webtasks:request:${webtask}`;
    this.#shelf = shelf;
    this.saved = new SavedRequests(shelf, webtask);
    Object.assign(this, remembered(shelf, this.#key));
  }

  get error(): string {
    const { headers, error } = parseHeaders(this.headers);
    if (error || !this.token) return error;
    if (!/^[!-~]+$/.test(this.token.trim())) return "The token is not one word of plain characters.";
    const twice = headers.some(([name]) => name.toLowerCase() === "authorization");
    return twice ? "There is a token and an Authorization header: empty one of the two." : "";
  }

  /** A GET or HEAD has no body, whatever is left in the field. */
  get hasBody(): boolean {
    return this.method !== "GET" && this.method !== "HEAD";
  }

  /** Whether what a fill replaced can come back. */
  get replaced(): boolean {
    return this.#before !== null;
  }

  toRequest(): RunRequest {
    const { headers } = parseHeaders(this.headers);
    return {
      method: this.method,
      path: wirePath(this.path),
      headers: this.token ? [...headers, ["Authorization", `Bearer ${this.token.trim()}`]] : headers,
      body: this.hasBody ? this.body : "",
    };
  }

  /** With what was saved; who asks stays the same. */
  apply(saved: Kept): void {
    this.#fill({ ...kept(saved), token: this.token });
  }

  paste({ headers, left: _, ...pasted }: Pasted): void {
    this.#fill({ ...pasted, headers: headers.map(([name, value]) => `${name}: ${value}`).join("\n") });
  }

  undo(): void {
    Object.assign(this, this.#before);
    this.#before = null;
  }

  remember(): void {
    try {
      this.#shelf.setItem(this.#key, JSON.stringify(kept(this)));
    } catch {
      // A convenience: a full device only forgets the last request.
    }
  }

  #fill(next: Kept & { token: string }): void {
    const { method, path, headers, body, token } = this;
    this.#before = { method, path, headers, body, token };
    Object.assign(this, next);
  }
}

/** As it travels: with its slash, and with what is not plain ASCII escaped. What is escaped already stays. */
export function wirePath(path: string): string {
  const rooted = /^[/?]/.test(path) ? path : `/${path}`;
  return rooted.replace(/[^!-~]+/gu, encodeURIComponent);
}

function remembered(shelf: Shelf, key: string): Partial<Kept> {
  try {
    const { method, path, headers, body } = JSON.parse(shelf.getItem(key) ?? "{}") as Partial<Kept>;
    return Object.fromEntries(
      Object.entries({ method, path, headers, body }).filter(([, value]) => typeof value === "string"),
    );
  } catch {
    return {};
  }
}
