"use strict";

// What `req.socket` is: the connection of one exchange. The request body does not pass through it (as on
// plain Node, where the parser pushes it into the request); the response body does. Whoever writes to it before
// the response does answers in HTTP's own words.

const { Duplex } = require("node:stream");

const { describe } = require("./errors");
const { HeadReader, SWITCHING } = require("./head");
const { log } = require("./log");
const { assign, clearTimeout, setTimeout, view } = require("./primordials");

/** @typedef {import('./invocation').Invocation} Invocation */
/** @typedef {import('node:http').ServerResponse} ServerResponse */

class Wire extends Duplex {
  /**
   * @param {Invocation} invocation
   * @param {import('node:stream').DuplexOptions} [options]
   */
  constructor(invocation, options = {}) {
    super({ emitClose: true, autoDestroy: false, ...options });
    this.invocation = invocation;
    this.stream = invocation.stream;
    this.remoteAddress = invocation.request.remote;
    this.remoteFamily = this.remoteAddress.includes(":") ? "IPv6" : "IPv4";
    this.remotePort = 0;
    this.localAddress = "127.0.0.1";
    this.localPort = 0;
    this.connecting = false;
    // https, as the client saw it. Express, Koa and morgan ask for it.
    this.encrypted = invocation.request.encrypted === true;
    this.timeout = 0;
    /** @type {NodeJS.Timeout | null} */
    this.timer = null;
    /** @type {ServerResponse | null} */
    this._httpMessage = null;
    /** @type {() => void} */
    this.onResume = () => {};
    /** @type {HeadReader | null} */
    this.head = null;
    /** User code answers here, and no more with the response. */
    this.onAnswer = () => {};
    this.trailers = "";
    /** @type {((error?: Error | null) => void) | null} */
    this.writing = null;
  }

  /** The request's `_read` calls it: the reader wants more. */
  resume() {
    this.onResume();
    return this;
  }

  pause() {
    return this;
  }

  _read() {}

  /**
   * @param {Buffer} chunk
   * @param {BufferEncoding} _encoding
   * @param {(error?: Error | null) => void} callback
   */
  _write(chunk, _encoding, callback) {
    this.touch();
    let bytes = chunk;
    try {
      if (!this.stream.headSent) bytes = this.answer(chunk);
    } catch (error) {
      log("error", describe(error));
      this.destroy(/** @type {Error} */ (error));
      return;
    }
    this.writing = callback;
    this.stream.body(bytes, () => {
      this.writing = null;
      callback();
    });
  }

  /**
   * @param {Buffer} chunk  of the answer's head
   * @returns {Buffer} what of it follows the head
   */
  answer(chunk) {
    this.head ??= new HeadReader();
    const head = this.head.read(chunk);
    if (head === null) return view(chunk, chunk.length, chunk.length);
    const switches = head.status === SWITCHING;
    if (switches && this.invocation.request.upgrade !== true)
      throw new Error("101 Switching Protocols answers only a request that offers another protocol");
    this.onAnswer();
    this.stream.switched = switches;
    this.stream.head(head.json);
    return head.rest;
  }

  /** @param {() => void} callback */
  _final(callback) {
    // There is no answer to end where none has begun.
    if (this.stream.headSent) this.stream.end(this.trailers);
    else this.stream.reset();
    callback();
  }

  /**
   * @param {Error | null} error
   * @param {(error: Error | null) => void} callback
   */
  _destroy(error, callback) {
    this.setTimeout(0);
    this.stream.reset();
    const { writing } = this;
    this.writing = null;
    if (writing !== null) writing(error ?? assign(new Error("aborted"), { code: "ECONNRESET" }));
    callback(error);
  }

  /**
   * @param {number} milliseconds
   * @param {() => void} [callback]
   */
  setTimeout(milliseconds, callback) {
    this.timeout = milliseconds;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = milliseconds > 0 ? setTimeout(() => this.expire(), milliseconds).unref() : null;
    if (callback !== undefined) {
      if (milliseconds > 0) this.once("timeout", callback);
      else this.removeListener("timeout", callback);
    }
    return this;
  }

  /** Something moved: the inactivity timer begins anew. */
  touch() {
    this.timer?.refresh();
  }

  expire() {
    this.timer = null;
    this.emit("timeout");
  }

  setNoDelay() {
    return this;
  }

  setKeepAlive() {
    return this;
  }

  ref() {
    return this;
  }

  unref() {
    return this;
  }

  address() {
    return { address: this.localAddress, family: "IPv4", port: this.localPort };
  }

  /** As `net.Socket` has it: end what is written, then destroy. */
  destroySoon() {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy());
  }
}

exports.Wire = Wire;
