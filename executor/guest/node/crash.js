"use strict";

// The end of a worker by its own code. Never silent: the invocation at fault is answered, the log says why.

const errors = require("./errors");
const { TYPE } = require("./frames");
const { current } = require("./invocation");
const { setTimeout } = require("./primordials");
const { report } = require("./report");

const EXIT_CODE = 70;
const FLUSH_MS = 1_000;

/** @type {(code: number) => never} */
const reallyExit = /** @type {any} */ (process).reallyExit.bind(process);

/** @typedef {import('./channel').Channel} Channel */

class Crash {
  /** @param {() => void} flushLines */
  constructor(flushLines) {
    this.flushLines = flushLines;
    /** @type {Channel | null} */
    this.channel = null;
    this.loading = false;
    this.begun = false;
  }

  install() {
    process.on("uncaughtException", (error) => this.begin(error, errors.threwLater));
    process.exit = /** @type {any} */ ((/** @type {unknown} */ code) => this.exit(code));
  }

  /**
   * `process.exit()` of user code. While its module loads it is a fault of the module like any other.
   *
   * @param {unknown} code
   */
  exit(code) {
    const error = new Error(
      `process.exit(${code === undefined ? "" : String(code)}) was called. A webtask shares its process with other requests and cannot end it; answer the request instead.`,
    );
    if (!this.loading) this.begin(error, errors.exited);
    throw error;
  }

  /**
   * @param {unknown} error
   * @param {(error: unknown) => errors.Failure} failure
   */
  begin(error, failure) {
    if (this.begun) return;
    this.begun = true;
    const invocation = current();
    this.flushLines();
    report(error);
    // First of all: whoever hears the answer and asks again must find another worker.
    this.channel?.sendEmpty(TYPE.LEAVE, 0);
    if (invocation !== undefined) {
      invocation.answer(failure(error));
      invocation.stream.reset();
    }
    this.finish();
  }

  /** Leaves once the frames are out; a peer that does not read them cannot hold it back. */
  finish() {
    const { channel } = this;
    if (channel === null) reallyExit(EXIT_CODE);
    channel.flush();
    if (channel.drained) reallyExit(EXIT_CODE);
    channel.socket.write("", () => reallyExit(EXIT_CODE));
    setTimeout(() => reallyExit(EXIT_CODE), FLUSH_MS);
  }
}

exports.Crash = Crash;
exports.reallyExit = reallyExit;
