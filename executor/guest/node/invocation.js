"use strict";

// One request through a webtask. While its code runs, however deferred, `current()` is this object.

const { AsyncLocalStorage } = require("node:async_hooks");
const { STATUS_CODES } = require("node:http");

const { byteLength, stringify } = require("./primordials");
const { Stream } = require("./stream");

/** @typedef {import('./channel').Channel} Channel */
/** @typedef {import('./loader').Program} Program */
/**
 * @typedef {object} Request  the payload of a REQUEST frame
 * @property {number} deployment
 * @property {string} id
 * @property {string} method
 * @property {string} url
 * @property {string} path
 * @property {string} http
 * @property {string[]} headers
 * @property {boolean} body
 * @property {number} url_format
 * @property {string} remote
 * @property {boolean} [encrypted]  the client speaks https
 * @property {boolean} [upgrade]  it offers another protocol: after its head come that protocol's bytes
 */
/**
 * Who takes the request body.
 *
 * @typedef {object} Reader
 * @property {(bytes: Buffer) => void} body  the bytes are the reader's to keep
 * @property {(trailers: string[]) => void} end
 * @property {() => void} abort  the client went away
 * @property {() => void} release  the answer is out before all of the body came: no more of it will come
 */

/** @type {AsyncLocalStorage<Invocation>} */
const storage = new AsyncLocalStorage();

class Invocation {
  /**
   * @param {Program} program
   * @param {Request} request
   * @param {{channel: Channel, stream: number, onOver: () => void}} place
   */
  constructor(program, request, { channel, stream, onOver }) {
    this.program = program;
    this.request = request;
    this.id = request.id;
    this.stream = new Stream(channel, stream, () => this.settle());
    this.onOver = onOver;
    this.received = !request.body;
    /** @type {Reader | null} */
    this.reader = null;
  }

  /**
   * Runs `work` as part of this invocation.
   *
   * @param {() => void} work
   */
  enter(work) {
    storage.run(this, work);
  }

  /**
   * Answers with a whole JSON body, unless an answer has begun.
   *
   * @param {{status: number, source: string, body: string}} answer
   */
  answer({ status, source, body }) {
    const { stream } = this;
    if (stream.headSent || stream.closed) return;
    const bare = status === 204 || status === 304;
    const size = byteLength(body);
    const length = bare ? "" : `,"content-length","${size}"`;
    const reason = stringify(STATUS_CODES[status] ?? "unknown");
    stream.head(`[${status},${reason},["content-type","application/json"${length}],"${source}"]`);
    if (!bare && this.request.method !== "HEAD") stream.text(body, size);
    stream.end("");
  }

  /** @param {Buffer} bytes */
  receive(bytes) {
    if (this.received) return;
    if (this.reader === null) this.stream.take(bytes.length);
    else this.reader.body(bytes);
  }

  /** @param {string[]} trailers */
  receiveEnd(trailers) {
    if (this.received) return;
    this.received = true;
    this.reader?.end(trailers);
  }

  /** The client went away. */
  abort() {
    this.received = true;
    this.stream.abandon();
    this.reader?.abort();
  }

  /** Nothing more will be said. The executor closes a stream there, and sends no more of the body either. */
  settle() {
    if (!this.received) {
      this.received = true;
      this.reader?.release();
    }
    this.onOver();
  }
}

exports.Invocation = Invocation;
exports.current = () => storage.getStore();
