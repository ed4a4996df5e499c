import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { backoff } from "./backoff.ts";
import { type LinkState, Live, type LiveMessage } from "./live.ts";

/** A websocket whose other end is the test. */
class FakeSocket {
  readyState = 0;
  sent: unknown[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  opens() {
    this.readyState = 1;
    this.onopen?.();
  }
  says(message: LiveMessage) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  breaks(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

let sockets: FakeSocket[];
let states: LinkState[];
let messages: LiveMessage[];
let seen: number | null;
let live: Live;

const last = () => sockets.at(-1) as FakeSocket;
const subscribed: LiveMessage = { t: "subscribed", topic: "webtask:a/b", seq: 7 };

beforeEach(() => {
  vi.useFakeTimers();
  [sockets, states, messages, seen] = [[], [], [], null];
  live = new Live({
    url: "ws://here/ws/",
    topic: "webtask:a/b",
    since: () => seen,
    onMessage: (message) => messages.push(message),
    onState: (state) => states.push(state),
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
  });
  live.connect();
});
afterEach(() => vi.useRealTimers());

test("asks for the last lines first, and after the last seen one when it comes back", () => {
  last().opens();
  expect(last().sent).toEqual([{ t: "sub", topic: "webtask:a/b", since: null }]);
  last().says(subscribed);
  seen = 9;
  last().breaks();
  expect(states).toEqual(["connecting", "open", "waiting"]);
  vi.advanceTimersByTime(500);
  last().opens();
  expect(sockets).toHaveLength(2);
  expect(last().sent).toEqual([{ t: "sub", topic: "webtask:a/b", since: 9 }]);
});

test("each connection begins with all that is to be said", () => {
  const socket = new FakeSocket();
  const other = new Live({
    url: "ws://here/ws/",
    topic: null,
    greet: () => [{ t: "here" }, { t: "sub", topic: "versions:a/b", since: 3 }],
    since: () => null,
    onMessage: () => {},
    onState: () => {},
    open: () => socket as unknown as WebSocket,
  });
  other.connect();
  socket.opens();
  expect(socket.sent).toEqual([{ t: "here" }, { t: "sub", topic: "versions:a/b", since: 3 }]);
});

test("waits longer each time, until the server is really there", () => {
  for (let attempt = 0; attempt < 5; attempt++) {
    last().opens(); // a proxy answers, the console behind it does not
    last().breaks();
    vi.advanceTimersByTime(backoff(attempt, () => 0) - 1);
    expect(sockets).toHaveLength(attempt + 1);
    vi.advanceTimersByTime(backoff(attempt, () => 1));
    expect(sockets).toHaveLength(attempt + 2);
  }
  last().opens();
  last().says(subscribed);
  last().breaks();
  vi.advanceTimersByTime(500);
  expect(sockets).toHaveLength(7);
});

test("a connection that went silent is given up", () => {
  last().opens();
  last().says(subscribed);
  vi.advanceTimersByTime(40_000);
  expect(last().sent.filter((message) => (message as { t: string }).t === "ping")).toHaveLength(2);
  vi.advanceTimersByTime(20_000);
  expect(states.at(-1)).not.toBe("open");
});

test("hurry tries at once, but leaves a good connection alone", () => {
  last().opens();
  live.hurry();
  expect(sockets).toHaveLength(1);
  last().breaks();
  live.hurry();
  expect(sockets).toHaveLength(2);
});

test("signed out: does not ask again until told to", () => {
  last().opens();
  last().breaks(4401);
  expect(states.at(-1)).toBe("denied");
  vi.advanceTimersByTime(60_000);
  expect(sockets).toHaveLength(1);
  live.hurry();
  expect(sockets).toHaveLength(2);
});

test("what an abandoned socket still says is not heard, and close is for good", () => {
  const first = last();
  first.opens();
  live.connect();
  first.says(subscribed);
  first.breaks();
  expect(messages).toEqual([]);
  live.close();
  vi.advanceTimersByTime(60_000);
  expect(sockets).toHaveLength(2);
});

test("the wait grows to a ceiling and is spread", () => {
  expect([0, 1, 2, 10, 50].map((attempt) => backoff(attempt, () => 1))).toEqual([
    500, 1000, 2000, 15000, 15000,
  ]);
  expect(backoff(0, () => 0)).toBe(250);
});
