"use strict";

// What `req.socket` is: the connection of one exchange. The request body does not pass through it (as on
// plain Node, where the parser pushes it into the request); the response body does.

const { Duplex } = require("node:stream");

const { assign, clearTimeout, setTimeout } = require("./primordials");

/** @typedef {import('./invocation').Invocation} Invocation */
/** @typedef {import('node:http').ServerResponse} ServerResponse */

class Wire extends Duplex {
  /** @param {Invocation} invocation */
  constructor(invocation) {
    super({ emitClose: true, autoDestroy: false });
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
    this.writing = callback;
    this.stream.body(chunk, () => {
      this.writing = null;
      callback();
    });
  }

  /** @param {() => void} callback */
  _final(callback) {
    this.stream.end(this.trailers);
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
