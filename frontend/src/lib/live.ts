import { backoff } from "./backoff.ts";
import type { ProblemBody } from "./problem.ts";
import type {
  AttackResult,
  AttackRun,
  EgressCall,
  Executor,
  Invocation,
  LogLine,
  Person,
  SecurityEvent,
  Tally,
  VersionSummary,
} from "./types.ts";

/** denied: the server wants a sign-in first; it is not asked again until `hurry`. */
export type LinkState = "connecting" | "open" | "waiting" | "denied";

export type LiveMessage =
  | { t: "subscribed"; topic: string; seq: number }
  | { t: "lines"; topic: string; lines: LogLine[]; dropped: number }
  | { t: "calls"; topic: string; calls: EgressCall[] }
  | { t: "executors"; executors: Executor[] }
  /** `results` are those from number `from` on. */
  | { t: "attacks"; run: AttackRun; from: number; results: AttackResult[] }
  | { t: "events"; events: SecurityEvent[] }
  | { t: "invocations"; topic: string; invocations: Invocation[] }
  | { t: "tallies"; topic: string; tallies: Tally[] }
  /** Oldest first. */
  | { t: "versions"; topic: string; versions: VersionSummary[] }
  | { t: "presence"; topic: string; people: Present[] }
  | { t: "pong" }
  /** `about` is what else than the topic's log it is about. */
  | { t: "problem"; topic: string | null; about?: "here"; problem: ProblemBody };

/** Somebody else at the same webtask. */
export interface Present extends Person {
  editing: boolean;
  line: number | null;
  /** Null for the code itself. */
  file: string | null;
}

export interface LiveOptions {
  url: string;
  /** Null for whoever may not hear of it. */
  topic: string | null;
  /** What else each connection begins with. */
  greet?: () => object[];
  /** The last line seen; asked anew at every (re)connect, so nothing is missed or seen twice. */
  since: () => number | null;
  onMessage: (message: LiveMessage) => void;
  onState: (state: LinkState) => void;
  open?: (url: string) => WebSocket;
}

const SIGNED_OUT = 4401;
const PING_EVERY = 20_000;
/** Two pings unanswered: the connection is dead even when the browser has not noticed. */
const SILENCE = 45_000;

/** One websocket per page that keeps itself connected. */
export class Live {
  readonly #options: LiveOptions;
  #socket: WebSocket | null = null;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #ping: ReturnType<typeof setInterval> | undefined;
  #heard = 0;
  #closed = false;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  connect(): void {
    if (this.#closed) return;
    this.#drop();
    this.#options.onState("connecting");
    const open = this.#options.open ?? ((url: string) => new WebSocket(url));
    const socket = open(this.#options.url);
    this.#socket = socket;
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = (event) => this.#received(socket, String(event.data));
    socket.onclose = (event) => this.#lost(socket, event.code);
  }

  /** Tries at once: the browser says that the network is back, or a person asked. */
  hurry(): void {
    if (this.#socket?.readyState === 1) return;
    this.#attempt = 0;
    this.connect();
  }

  /** Lost when there is no connection: what a new one begins with says it. */
  say(message: object): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
  }

  close(): void {
    this.#closed = true;
    this.#drop();
  }

  #opened(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#heard = Date.now();
    this.#ping = setInterval(() => this.#beat(socket), PING_EVERY);
    const { topic, since, greet } = this.#options;
    if (topic !== null) socket.send(JSON.stringify({ t: "sub", topic, since: since() }));
    for (const greeting of greet?.() ?? []) socket.send(JSON.stringify(greeting));
  }

  #received(socket: WebSocket, text: string): void {
    if (socket !== this.#socket) return;
    this.#heard = Date.now();
    const message = JSON.parse(text) as LiveMessage;
    if (message.t === "subscribed" || message.t === "presence") {
      // Only now is the way through to the server proven, so only now may the wait shrink again.
      this.#attempt = 0;
      this.#options.onState("open");
    }
    this.#options.onMessage(message);
  }

  #beat(socket: WebSocket): void {
    if (Date.now() - this.#heard > SILENCE) this.#lost(socket);
    else socket.send('{"t":"ping"}');
  }

  #lost(socket: WebSocket, code = 0): void {
    if (socket !== this.#socket) return;
    this.#drop();
    if (code === SIGNED_OUT) return this.#options.onState("denied");
    this.#options.onState("waiting");
    this.#retry = setTimeout(() => this.connect(), backoff(this.#attempt++));
  }

  #drop(): void {
    clearTimeout(this.#retry);
    clearInterval(this.#ping);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }
}

export function liveUrl(location: Location): string {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws/`;
}
