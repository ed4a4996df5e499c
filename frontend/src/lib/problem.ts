import type { Draft, VersionSummary } from "./types.ts";

/** RFC 9457 members as the console sends them, plus what single answers add. */
export interface ProblemBody {
  title?: string;
  status?: number;
  detail?: string;
  id?: string;
  /** 412 on a draft: what the server holds. */
  current?: Draft;
  /** 400: what is wrong with which member. */
  errors?: Record<string, string[]>;
  /** 409 on publish: the version that is live by now. */
  live?: VersionSummary;
}

/** Every failed call ends as one of these; `status` 0 means that no answer came. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly id: string;
  readonly current: Draft | undefined;
  readonly live: VersionSummary | undefined;
  readonly errors: Record<string, string[]>;

  constructor(status: number, body: ProblemBody) {
    super(body.detail || body.title || `HTTP ${status}`);
    this.status = status;
    this.title = body.title || `HTTP ${status}`;
    this.detail = body.detail ?? "";
    this.id = body.id ?? "";
    this.current = body.current;
    this.live = body.live;
    this.errors = body.errors ?? {};
  }

  static offline(): Problem {
    return new Problem(0, {
      title: "The console cannot be reached",
      detail: "Check the connection. Nothing you typed is lost.",
    });
  }

  static from(thrown: unknown): Problem {
    if (thrown instanceof Problem) return thrown;
    return new Problem(-1, { title: "Something went wrong in this page", detail: String(thrown) });
  }

  /** Everything a person would paste into a report. */
  get text(): string {
    return [this.title, this.detail, this.status > 0 && `HTTP ${this.status}`, this.id && `id ${this.id}`]
      .filter(Boolean)
      .join("\n");
  }
}
