import type { Component } from "svelte";

import { type Content, NO_DRAFT } from "../editor/content.ts";
import type { DraftKeeper } from "../editor/draft.svelte.ts";
import type { CodeEditor } from "../editor/port.ts";
import { Saving } from "../editor/saving.ts";
import { Pause } from "../guard/pause.svelte.ts";
import type { Kind } from "../guard/senders.ts";
import { Api } from "../lib/api.ts";
import { type Boot, fetchBoot, may } from "../lib/boot.ts";
import { entryOf } from "../lib/entry.ts";
import { liveUrl } from "../lib/live.ts";
import { Problem } from "../lib/problem.ts";
import type { PublishResult, VersionSummary } from "../lib/types.ts";
import { Feed } from "../logs/feed.svelte.ts";
import { CallBook } from "../network/calls.svelte.ts";
import { Presence } from "../people/presence.svelte.ts";
import { RequestForm } from "../requests/request.svelte.ts";
import { Runner } from "../requests/runner.svelte.ts";
import { KnownVersions } from "../versions/known.svelte.ts";
import type { SpottedProps } from "./views.ts";

/** What this device keeps of a webtask is one person's, under any name that the webtask or its team gets. */
function placeOf({ person, number }: Boot): string {
  return `${person}/${number}`;
}

/** What one open webtask knows and can do; the components only draw it. */
export class Session {
  readonly boot: Boot;
  /** The name of the code itself, among the files. */
  readonly entry: string;
  readonly api: Api;
  readonly saving: Saving;
  readonly draft: DraftKeeper;
  readonly feed: Feed;
  readonly people: Presence;
  readonly form: RequestForm;
  readonly runner: Runner;
  readonly book: CallBook;
  readonly pause: Pause;
  readonly #known: KnownVersions;

  guarded = $state<Kind>("public");
  /** Whether each version has a URL of its own. */
  pinned = $state(true);
  editor = $state.raw<CodeEditor | null>(null);
  /** Which file the editor shows. */
  file = $state("");
  /** Draws a text with the places that it tells; a plain text until that has loaded, or where no code may be seen. */
  spotted = $state.raw<Component<SpottedProps> | null>(null);
  /** The last thing worth telling; a screen reader hears it too. */
  notice = $state.raw<{ words: string; tone: "good" | "warn" } | null>(null);
  trouble = $state.raw<Problem | null>(null);

  static async open(boot: Boot): Promise<Session> {
    const { webtask } = boot;
    const api = new Api(boot.paths.api, boot.csrf);
    const { saving, restored } = await Saving.open({
      webtask: placeOf(boot),
      server: webtask.draft ?? NO_DRAFT,
      save: (content, base, etag) => api.saveDraft(content, base, etag),
      limit: boot.limits.code_bytes,
      latest: async () => (await api.webtask()).draft ?? NO_DRAFT,
      edits: may(boot, "webtask.edit"),
    });
    const session = new Session(boot, api, saving);
    if (restored)
      session.notice = { words: "Restored what this device had kept: it was not saved yet", tone: "warn" };
    if (boot.notice) session.notice ??= { words: boot.notice, tone: "good" };
    return session;
  }

  private constructor(boot: Boot, api: Api, saving: Saving) {
    const { webtask } = boot;
    const id = `${webtask.team}/${webtask.name}`;
    this.boot = boot;
    this.entry = this.file = entryOf(id);
    this.api = api;
    this.saving = saving;
    this.draft = saving.draft;
    saving.show = (content) => this.show(content);
    this.guarded = webtask.guard;
    this.pinned = webtask.pinned;
    this.pause = new Pause(this.api, webtask.paused);
    this.form = new RequestForm(placeOf(boot));
    this.runner = new Runner(this.api, () => this.#saved(), this.form);
    this.#known = new KnownVersions(boot.versions);
    this.book = new CallBook(async (invocation) =>
      may(boot, "webtask.logs") ? this.api.egressCalls(invocation) : [],
    );
    this.people = new Presence(`webtask:${id}`, (here) => this.feed.say(here));
    this.feed = new Feed({
      url: liveUrl(location),
      topic: may(boot, "webtask.logs") ? `webtask:${id}` : null,
      greet: () =>
        may(boot, "webtask.code")
          ? [
              this.people.greet(),
              { t: "sub", topic: `versions:${id}`, since: this.versions[0]?.number ?? null },
            ]
          : [],
      onVersions: (versions) => void this.#published(versions),
      onCalls: (calls) => this.book.add(calls),
      onDone: (invocations) => this.runner.done(invocations),
      onPeople: (people) => this.people.hear(people),
    });
  }

  /** Newest first. */
  get versions(): VersionSummary[] {
    return this.#known.all;
  }

  get live(): VersionSummary | null {
    return this.#known.live;
  }

  /** The draft is the live version: a publish would only repeat it. */
  get nothingNew(): boolean {
    return this.draft.phase === "clean" && this.live !== null;
  }

  /** Someone published since this draft was started. */
  get behind(): boolean {
    return this.draft.server.base !== (this.live?.number ?? null);
  }

  /** Which code an answer is of: the first letters of what names its content; "" when this page does not know. */
  hashOf(label: string): string {
    const digest =
      label === "draft"
        ? this.runner.draft
        : this.versions.find(({ number }) => label === `v${number}`)?.digest;
    return digest?.slice(0, 8) ?? "";
  }

  async #saved(): Promise<string> {
    await this.draft.flush();
    return this.draft.server.etag;
  }

  /** Throws a Problem; 409 asks whether to publish over the version that came between. */
  async publish(message: string, force: boolean): Promise<PublishResult> {
    await this.draft.flush(true);
    const { result } = await this.draft.write(async (etag) => {
      const { code, files } = this.draft.server;
      const result = await this.api.publish(message, etag, force);
      return { result, draft: { code, files, base: result.version.number, etag: "", saved_at: null } };
    });
    this.#announce(result, "is live");
    return result;
  }

  async loadOlder(): Promise<void> {
    await this.#attempt(() => this.#known.loadOlder((before) => this.api.versions(before)));
  }

  async restore(number: number): Promise<void> {
    await this.#attempt(async () => {
      const result = await this.api.restore(number);
      this.#announce(result, `(v${number} again) is live`);
      await this.#refresh();
    });
  }

  /** Whatever gives one text up keeps it as a copy, and says where. */
  async givingUp(work: () => Promise<void>): Promise<void> {
    await this.#attempt(async () => {
      await work();
      this.notice = { words: "What gave way is a copy on this device: Commands, “Copies”", tone: "good" };
    });
  }

  /** After a sign-in in another tab: the new session needs its own CSRF token. */
  async signedInAgain(): Promise<void> {
    await this.#attempt(async () => {
      const boot = await fetchBoot(location.pathname);
      if (!boot)
        throw new Problem(401, { title: "You are still signed out", detail: "Sign in, then try again." });
      if (boot.person !== this.boot.person)
        throw new Problem(403, {
          title: `You are signed in as ${boot.user} now`,
          detail: `This text is that of ${this.boot.user}: it stays on this device until they sign in again.`,
        });
      this.api.csrf = boot.csrf;
      this.feed.hurry();
      await this.draft.retry();
    });
  }

  /** Who is at this page again, or online again, may have saved at another device meanwhile. Unsaved text stays. */
  async back(): Promise<void> {
    if (this.draft.dirty) return;
    await this.#refresh().catch(() => {}); // the next save or publish would tell
  }

  show(content: Content): void {
    this.editor?.replace(content);
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.trouble = null;
    try {
      await work();
    } catch (thrown) {
      const problem = Problem.from(thrown);
      // Of a draft that was saved elsewhere the conflict tells, with what to do about it.
      if (problem.status !== 412 || !problem.current) this.trouble = problem;
    }
  }

  #announce(result: PublishResult, what: string): void {
    this.#known.add([result.version]);
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

  /** Told over the websocket: ours, a teammate's, another tab's, or what came while the connection was lost. */
  async #published(versions: VersionSummary[]): Promise<void> {
    if (this.#known.add(versions)) await this.back();
  }

  /** Shows the server's text when nothing here is unsaved. */
  async #refresh(): Promise<void> {
    const before = this.draft.server;
    const { draft } = await this.api.webtask();
    // What was typed meanwhile keeps its own etag, and what was saved meanwhile is newer than what was asked for before.
    if (!draft || this.draft.dirty || this.draft.server !== before) return;
    this.draft.adopt(draft);
    this.show(draft);
  }
}
