import type { RunRequest } from "../lib/types.ts";
import { parseHeaders } from "./headers.ts";

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;

interface Form {
  method: string;
  path: string;
  headers: string;
  body: string;
}

/** The request as it is being written; remembered per webtask on this device. */
export class RequestForm {
  readonly #key: string;

  method = $state("GET");
  path = $state("/");
  headers = $state("");
  body = $state("");

  constructor(webtask: string) {
    this.#key = `webtasks:request:${webtask}`;
    Object.assign(this, remembered(this.#key));
  }

  get error(): string {
    return parseHeaders(this.headers).error;
  }

  /** A GET or HEAD has no body, whatever is left in the field. */
  get hasBody(): boolean {
    return this.method !== "GET" && this.method !== "HEAD";
  }

  toRequest(): RunRequest {
    return {
      method: this.method,
      path: wirePath(this.path),
      headers: parseHeaders(this.headers).headers,
      body: this.hasBody ? this.body : "",
    };
  }

  remember(): void {
    const { method, path, headers, body } = this;
    try {
      localStorage.setItem(this.#key, JSON.stringify({ method, path, headers, body } satisfies Form));
    } catch {
      // A convenience: a full device only forgets the last request.
    }
  }
}

/** As it travels: with its slash, and with what is not plain ASCII escaped. What is escaped already stays. */
export function wirePath(path: string): string {
  const rooted = /^[/?]/.test(path) ? path : `/${path}`;
  return rooted.replace(/[^!-~]+/gu, encodeURIComponent);
}

function remembered(key: string): Partial<Form> {
  try {
    const { method, path, headers, body } = JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Form>;
    return Object.fromEntries(
      Object.entries({ method, path, headers, body }).filter(([, value]) => typeof value === "string"),
    );
  } catch {
    return {};
  }
}
