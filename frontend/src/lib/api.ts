import { Problem, type ProblemBody } from "./problem.ts";
import type {
  Draft,
  PublishResult,
  RunRequest,
  RunResult,
  Version,
  VersionSummary,
  Webtask,
} from "./types.ts";

interface Call {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** Goes on when the page is closed meanwhile. */
  outlives?: boolean;
}

/** Browsers let 64 KiB outlive a page. */
const MAY_OUTLIVE = 60_000;

/** The API of one webtask. Every failure is thrown as a Problem. */
export class Api {
  csrf: string;
  readonly #root: string;

  constructor(root: string, csrf: string) {
    this.#root = root;
    this.csrf = csrf;
  }

  webtask(): Promise<Webtask> {
    return this.#call("");
  }

  saveDraft(code: string, base: number | null, etag: string): Promise<Draft> {
    const guard: Record<string, string> = etag ? { "If-Match": quoted(etag) } : { "If-None-Match": "*" };
    return this.#call("/draft", { method: "PUT", headers: guard, body: { code, base }, outlives: true });
  }

  discardDraft(): Promise<void> {
    return this.#call("/draft", { method: "DELETE" });
  }

  run(request: RunRequest, signal?: AbortSignal): Promise<RunResult> {
    return this.#call("/run", { method: "POST", body: request, signal });
  }

  publish(message: string, etag: string, force: boolean): Promise<PublishResult> {
    return this.#call("/publish", { method: "POST", body: { message, etag, force } });
  }

  /** Newest first, a page of them: those below `before`. */
  versions(before: number): Promise<VersionSummary[]> {
    return this.#call(`/versions?before=${before}`);
  }

  version(number: number): Promise<Version> {
    return this.#call(`/versions/${number}`);
  }

  restore(number: number): Promise<PublishResult> {
    return this.#call(`/versions/${number}/restore`, { method: "POST", body: {} });
  }

  async #call<T>(path: string, call: Call = {}): Promise<T> {
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const response = await send(this.#root + path, {
      method: call.method ?? "GET",
      headers: {
        Accept: "application/json",
        "X-CSRFToken": this.csrf,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...call.headers,
      },
      ...(body === undefined ? {} : { body, keepalive: call.outlives === true && body.length < MAY_OUTLIVE }),
      ...(call.signal ? { signal: call.signal } : {}),
    });
    if (!response.ok) throw new Problem(response.status, await problemBody(response));
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw Problem.offline();
  }
}

async function problemBody(response: Response): Promise<ProblemBody> {
  try {
    return (await response.json()) as ProblemBody;
  } catch {
    // A proxy in between answered with a page of its own.
    return { title: `The console answered ${response.status} ${response.statusText}`.trim() };
  }
}

function quoted(etag: string): string {
  return etag.startsWith('"') || etag.startsWith("W/") ? etag : `"${etag}"`;
}
