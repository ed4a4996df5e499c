"use strict";

// process.stdout and process.stderr of user code: what is written to them becomes log lines.

const { Writable } = require("node:stream");
const { StringDecoder } = require("node:string_decoder");

const { current } = require("./invocation");
const { MAX_TEXT, OVERLAP, log } = require("./log");
const { setImmediate } = require("./primordials");

/** @typedef {import('./log').Level} Level */
/** @typedef {import('./invocation').Invocation} Invocation */

/** Cuts what is written into lines. An unfinished line is held until the end of the turn, not longer. */
class Output extends Writable {
  /**
   * @param {Level} level
   * @param {number} fd
   */
  constructor(level, fd) {
    super();
    this.level = level;
    this.fd = fd;
    this.isTTY = false;
    this.decoder = new StringDecoder();
    this.text = "";
    /** @type {Invocation | undefined} */
    this.owner = undefined;
    this.scheduled = false;
  }

  /**
   * @param {Buffer} chunk
   * @param {BufferEncoding} _encoding
   * @param {() => void} callback
   */
  _write(chunk, _encoding, callback) {
    const owner = current();
    if (owner !== this.owner) this.flush();
    this.owner = owner;
    const lines = (this.text + this.decoder.write(chunk)).split("\n");
    const last = lines.length - 1;
    for (let i = 0; i < last; i++) log(this.level, lines[i]);
    this.text = lines[last];
    if (this.text.length > MAX_TEXT) this.overflow();
    if (this.text !== "") this.flushSoon();
    callback();
  }

  /** What stands across the cut is whole in the line after it. */
  overflow() {
    const rest = this.text.slice(-OVERLAP);
    this.flush();
    this.text = rest;
  }

  flushSoon() {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  flush() {
    const { text, owner } = this;
    if (text === "") return;
    this.text = "";
    if (owner === undefined) log(this.level, text);
    else owner.enter(() => log(this.level, text));
  }
}

/** @returns {() => void} writes out unfinished lines */
function install() {
  const stdout = new Output("info", 1);
  const stderr = new Output("error", 2);
  const how = { configurable: true, enumerable: true, writable: true };
  Object.defineProperties(process, { stdout: { value: stdout, ...how }, stderr: { value: stderr, ...how } });
  return () => {
    stdout.flush();
    stderr.flush();
  };
}

exports.install = install;
