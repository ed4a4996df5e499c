import { DraftKeeper } from "../editor/draft.svelte.ts";
import { DeviceKeep, tabIdentity, tabsWithText } from "../editor/kept.ts";
import type { CodeEditor } from "../editor/port.ts";
import { Api } from "../lib/api.ts";
import { type Boot, fetchBoot } from "../lib/boot.ts";
import { liveUrl } from "../lib/live.ts";
import { Problem } from "../lib/problem.ts";
import { LimitsDraft } from "../limits/limits.svelte.ts";
import { RulesDraft } from "../limits/rules.svelte.ts";
import type { PublishResult, VersionSummary } from "../lib/types.ts";
import { Feed } from "../logs/feed.svelte.ts";
import { CallBook } from "../network/calls.svelte.ts";
import { RequestForm } from "../requests/request.svelte.ts";
import { Runner } from "../requests/runner.svelte.ts";

/** What one open webtask knows and can do; the components only draw it. */
export class Session {
  readonly boot: Boot;
  readonly api: Api;
  readonly draft: DraftKeeper;
  readonly feed: Feed;
  readonly form: RequestForm;
  readonly runner: Runner;
  readonly book: CallBook;
  readonly limits: LimitsDraft;
  readonly rules: RulesDraft;
  readonly #keep: DeviceKeep;

  versions = $state.raw<VersionSummary[]>([]);
  editor = $state.raw<CodeEditor | null>(null);
  /** The last thing worth telling; a screen reader hears it too. */
  notice = $state.raw<{ words: string; tone: "good" | "warn" } | null>(null);
  trouble = $state.raw<Problem | null>(null);

  static async open(boot: Boot): Promise<Session> {
    const { team, name } = boot.webtask;
    const { tab, alive } = await tabIdentity(tabsWithText(localStorage, `${team}/${name}`));
    const session = new Session(boot, tab);
    const text = session.#keep.recover(alive);
    if (text && text.code !== boot.webtask.draft.code) {
      session.draft.restore(text);
      session.notice = { words: "Restored what this device had kept and the server never got", tone: "warn" };
    } else {
      // The server has it: a copy left behind would come up as a conflict after the next change elsewhere.
      session.#keep.drop();
    }
    session.#keep.dropDead(alive);
    return session;
  }

  private constructor(boot: Boot, tab: string) {
    const { webtask } = boot;
    const id = `${webtask.team}/${webtask.name}`;
    this.boot = boot;
    this.api = new Api(boot.paths.api, boot.csrf);
    this.#keep = new DeviceKeep(localStorage, id, tab);
    this.draft = new DraftKeeper({
      server: webtask.draft,
      save: (code, base, etag) => this.api.saveDraft(code, base, etag),
      keep: this.#keep,
      limit: boot.limits.code_bytes,
    });
    this.limits = new LimitsDraft(this.api, null, (limits) => {
      const code = limits.find(({ name }) => name === "code_bytes");
      if (code) this.draft.limit = code.value;
    });
    this.rules = new RulesDraft(this.api);
    this.form = new RequestForm(id);
    this.runner = new Runner(this.api, () => this.draft.flush(), this.form);
    this.versions = boot.versions;
    this.book = new CallBook((invocation) => this.api.egressCalls(invocation));
    this.feed = new Feed({
      url: liveUrl(location),
      topic: `webtask:${id}`,
      onVersion: (version) => void this.#published(version),
      onCalls: (calls) => this.book.add(calls),
    });
  }

  get live(): VersionSummary | null {
    return this.versions.find((version) => version.live) ?? null;
  }

  /** The draft is the live version: a publish would only repeat it. */
  get nothingNew(): boolean {
    return this.draft.phase === "clean" && this.live !== null;
  }

  /** Someone published since this draft was started. */
  get behind(): boolean {
    return this.draft.server.base !== (this.live?.number ?? null);
  }

  /** Throws a Problem; 409 asks whether to publish over the version that came between. */
  async publish(message: string, force: boolean): Promise<PublishResult> {
    await this.draft.flush(true);
    const code = this.draft.server.code;
    const result = await this.#publish(message, force);
    this.draft.adopt({ code, base: result.version.number, etag: "", saved_at: null });
    this.#announce(result, "is live");
    return result;
  }

  async #publish(message: string, force: boolean): Promise<PublishResult> {
    try {
      return await this.api.publish(message, this.draft.server.etag, force);
    } catch (thrown) {
      const problem = Problem.from(thrown);
      if (problem.status === 412 && problem.current) this.draft.clash(problem.current);
      throw problem;
    }
  }

  async loadOlder(): Promise<void> {
    const oldest = this.versions.at(-1);
    if (oldest)
      await this.#attempt(async () => {
        this.versions = [...this.versions, ...(await this.api.versions(oldest.number))];
      });
  }

  async restore(number: number): Promise<void> {
    await this.#attempt(async () => {
      const result = await this.api.restore(number);
      this.#announce(result, `(v${number} again) is live`);
      await this.#refresh();
    });
  }

  /** Back to the live code. The editor's undo still has the draft. */
  async discard(): Promise<void> {
    await this.#attempt(async () => {
      await this.api.discardDraft();
      const { draft } = await this.api.webtask();
      this.draft.replaceWith(draft);
      this.show(draft.code);
    });
  }

  takeTheirs(): void {
    this.show(this.draft.takeTheirs());
  }

  /** After a sign-in in another tab: the new session needs its own CSRF token. */
  async signedInAgain(): Promise<void> {
    await this.#attempt(async () => {
      const boot = await fetchBoot(location.pathname);
      if (!boot)
        throw new Problem(401, { title: "You are still signed out", detail: "Sign in, then try again." });
      this.api.csrf = boot.csrf;
      this.feed.hurry();
      await this.draft.retry();
    });
  }

  show(code: string): void {
    this.editor?.replace(code);
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.trouble = null;
    try {
      await work();
    } catch (thrown) {
      this.trouble = Problem.from(thrown);
    }
  }

  #announce(result: PublishResult, what: string): void {
    this.#add(result.version);
    const late = result.unconfirmed.length;
    this.notice = late
      ? {
          words: `v${result.version.number} ${what}, but not confirmed by ${result.unconfirmed.join(", ")}`,
          tone: "warn",
        }
      : {
          words: `v${result.version.number} ${what} · confirmed in ${Math.round(result.milliseconds)} ms`,
          tone: "good",
        };
  }

  /** A version came over the websocket: ours, a teammate's, or another tab's. */
  async #published(version: VersionSummary): Promise<void> {
    const known = this.versions.some(({ number }) => number === version.number);
    this.#add(version);
    if (known || this.draft.dirty) return;
    await this.#refresh().catch(() => {}); // the next save or publish would tell
  }

  /** Shows the server's text when nothing here is unsaved. */
  async #refresh(): Promise<void> {
    const { draft } = await this.api.webtask();
    // What was typed meanwhile keeps its own etag: whether it may replace this is for the server to say.
    if (this.draft.dirty) return;
    this.draft.adopt(draft);
    this.show(draft.code);
  }

  #add(version: VersionSummary): void {
    const others = this.versions.filter(({ number }) => number !== version.number);
    const older = version.live ? others.map((other) => ({ ...other, live: false })) : others;
    this.versions = [...older, version].sort((one, other) => other.number - one.number);
  }
}
