import { byteLength } from "./format.ts";
import { Problem, type ProblemBody } from "./problem.ts";

export interface Call {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** Milliseconds until it counts as offline, and more for a large body. */
  patience?: number;
  /** Goes on when the page is closed meanwhile. */
  outlives?: boolean;
}

/** Bytes. Browsers let 64 KiB outlive a page, and refuse more. */
const MAY_OUTLIVE = 60_000;
/** Bytes in a millisecond, of a connection that is worth waiting for. */
const SLOWEST = 20;

/** Speaks JSON to what lies below one address of the API. Every failure is thrown as a Problem. */
export class Caller {
  csrf: string;
  readonly #root: string;

  constructor(root: string, csrf: string) {
    this.#root = root;
    this.csrf = csrf;
  }

  async call<T>(path: string, call: Call = {}): Promise<T> {
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const size = byteLength(body ?? "");
    const signal =
      call.signal ?? (call.patience ? AbortSignal.timeout(call.patience + size / SLOWEST) : undefined);
    const response = await send(this.#root + path, {
      method: call.method ?? "GET",
      headers: {
        Accept: "application/json",
        "X-CSRFToken": this.csrf,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...call.headers,
      },
      ...(body === undefined ? {} : { body, keepalive: call.outlives === true && size < MAY_OUTLIVE }),
      ...(signal ? { signal } : {}),
    });
    if (!response.ok) throw new Problem(response.status, await problemBody(response));
    const text = await response.text();
    return (text ? JSON.parse(text) : undefined) as T;
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
