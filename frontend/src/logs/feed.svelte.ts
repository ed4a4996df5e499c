import { Live, type LinkState, type LiveMessage, type Present } from "../lib/live.ts";
import { Problem } from "../lib/problem.ts";
import type { EgressCall, Invocation, LogLine, VersionSummary } from "../lib/types.ts";
import { type Entry, type Filter, fromInvocation, fromLine, fromTally, gap, matcher } from "./entry.ts";
import { Ring } from "./ring.ts";

const KEPT = 10_000;

interface Options {
  url: string;
  topic: string | null;
  /** What each connection begins with, beside asking for the log. */
  greet: () => object[];
  onVersions: (versions: VersionSummary[]) => void;
  onCalls: (calls: EgressCall[]) => void;
  onDone: (invocations: Invocation[]) => void;
  onPeople: (people: Present[]) => void;
}

/** The log of one webtask as the page sees it: what came, what is shown, and how the link is. */
export class Feed {
  readonly #ring = new Ring<Entry>(KEPT);
  readonly #live: Live;
  readonly #options: Options;
  #waiting: Entry[] = [];
  #frame = 0;
  #gaps = 0;

  link = $state<LinkState>("connecting");
  problem = $state.raw<Problem | null>(null);
  filter = $state.raw<Filter>({ text: "", level: "debug" });
  /** Newest at the end. Replaced as a whole once per animation frame. */
  shown = $state.raw<Entry[]>([]);
  paused = $state(false);
  /** Rows that came while paused. */
  held = $state(0);
  /** The last line received; a new connection resumes after it. */
  seq: number | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.#live = new Live({
      ...options,
      since: () => this.seq,
      onMessage: (message) => this.receive(message),
      onState: (state) => (this.link = state),
    });
  }

  connect = (): void => this.#live.connect();
  hurry = (): void => this.#live.hurry();
  close = (): void => this.#live.close();
  say = (message: object): void => this.#live.say(message);

  receive(message: LiveMessage): void {
    if (message.t === "lines") this.#lines(message.lines, message.dropped);
    else if (message.t === "invocations") this.#done(message.invocations);
    else if (message.t === "tallies") this.#add(message.tallies.map(fromTally));
    else if (message.t === "calls") this.#options.onCalls(message.calls);
    else if (message.t === "versions") this.#options.onVersions(message.versions);
    else if (message.t === "presence") this.#options.onPeople(message.people);
    else if (message.t === "problem" && message.about === "here") this.#options.onPeople([]);
    // Of another topic nothing is said here: what one hears no more of, one may not see, and the log goes on.
    else if (message.t === "problem" && (message.topic === null || message.topic === this.#options.topic))
      this.problem = new Problem(message.problem.status ?? 0, message.problem);
    else if (message.t === "subscribed" && message.topic === this.#options.topic)
      this.#subscribed(message.seq);
  }

  #done(invocations: Invocation[]): void {
    this.#add(invocations.map(fromInvocation));
    this.#options.onDone(invocations);
  }

  show(filter: Partial<Filter>): void {
    this.filter = { ...this.filter, ...filter };
    this.#draw();
  }

  /** Empties the view, not the history: lines stay on the server. */
  clear(): void {
    this.#ring.clear();
    this.#waiting = [];
    this.held = 0;
    this.#draw();
  }

  pause(on: boolean): void {
    this.paused = on;
    if (on) return;
    this.#flush();
  }

  /** Lines after `seq` follow. The server may know fewer than we saw: its backup was restored. */
  #subscribed(seq: number): void {
    this.problem = null;
    this.seq = seq;
  }

  #lines(lines: LogLine[], dropped: number): void {
    // A replay may repeat what was received just before the connection broke.
    const fresh = lines.filter((line) => this.seq === null || line.seq > this.seq);
    const last = fresh.at(-1);
    if (last) this.seq = last.seq;
    this.#add([...(dropped > 0 ? [gap(dropped, `g${this.#gaps++}`)] : []), ...fresh.map(fromLine)]);
  }

  #add(entries: Entry[]): void {
    if (entries.length === 0) return;
    this.#waiting.push(...entries);
    // While paused the ring's size still bounds what is held.
    if (this.#waiting.length > KEPT) this.#waiting.splice(0, this.#waiting.length - KEPT);
    if (this.paused) this.held = this.#waiting.length;
    else this.#frame ||= requestAnimationFrame(() => this.#flush());
  }

  #flush(): void {
    this.#frame = 0;
    if (this.paused) return;
    for (const entry of this.#waiting) this.#ring.push(entry);
    this.#waiting = [];
    this.held = 0;
    this.#draw();
  }

  #draw(): void {
    this.shown = this.#ring.filter(matcher(this.filter));
  }
}
