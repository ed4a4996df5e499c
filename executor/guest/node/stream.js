"use strict";

// One request's place on the channel: what may be said on it, and how many bytes the other side still takes.

const { INITIAL_CREDIT, MAX_BODY, TYPE } = require("./frames");
const { fromBytes, view } = require("./primordials");

// Credit is returned in lumps: a frame per chunk would cost more than the chunk.
const CREDIT_LUMP = 65_536;

/** @typedef {import('./channel').Channel} Channel */
/** @typedef {{bytes: Buffer, offset: number, done: () => void}} Unsent */

class Stream {
  /**
   * @param {Channel} channel
   * @param {number} id
   * @param {() => void} onClosed  called once, when nothing more will be said on it
   */
  constructor(channel, id, onClosed) {
    this.channel = channel;
    this.id = id;
    this.onClosed = onClosed;
    this.credit = INITIAL_CREDIT;
    this.taken = 0;
    this.headSent = false;
    // Nothing more will be said on it: END or RESET left, or the other side went away.
    this.closed = false;
    // To another protocol: each side ends for itself, and the stream is over when both have.
    this.switched = false;
    this.endSaid = false;
    this.endHeard = false;
    /** @type {Unsent | null} */
    this.unsent = null;
    /** @type {string | null} */
    this.ending = null;
  }

  /** @param {string} json */
  head(json) {
    if (this.closed || this.headSent) return;
    this.headSent = true;
    this.channel.sendText(TYPE.HEAD, this.id, json);
  }

  /**
   * Sends as far as credit reaches; `done` is called once all of it is on its way. One call at a time:
   * the next one waits for `done`.
   *
   * @param {Buffer} bytes
   * @param {() => void} done
   */
  body(bytes, done) {
    if (this.closed) return;
    const offset = this.pump(bytes, 0);
    if (offset === bytes.length) done();
    else this.unsent = { bytes, offset, done };
  }

  /**
   * A whole body at once.
   *
   * @param {string} text
   * @param {number} size  its length in bytes
   */
  text(text, size) {
    if (size > MAX_BODY || size > this.credit) {
      this.body(fromBytes(text), () => {});
      return;
    }
    this.credit -= size;
    this.channel.sendText(TYPE.BODY, this.id, text);
  }

  /**
   * Ends after the unsent body.
   *
   * @param {string} trailers  JSON list, or ''
   */
  end(trailers) {
    if (this.closed) return;
    if (this.unsent !== null) {
      this.ending = trailers;
      return;
    }
    if (trailers === "") this.channel.sendEmpty(TYPE.END, this.id);
    else this.channel.sendText(TYPE.END, this.id, trailers);
    this.endSaid = true;
    this.closeIfOver();
  }

  /** The other side will send no more. */
  hearEnd() {
    this.endHeard = true;
    this.closeIfOver();
  }

  closeIfOver() {
    if (this.endSaid && (this.endHeard || !this.switched)) this.abandon();
  }

  /** The answer cannot be completed: the executor drops its client. */
  reset() {
    if (this.closed) return;
    this.channel.sendEmpty(TYPE.RESET, this.id);
    this.abandon();
  }

  /** The other side is gone: forget what is unsent. */
  abandon() {
    if (this.closed) return;
    this.closed = true;
    this.unsent = null;
    this.onClosed();
  }

  /** @param {number} count */
  credited(count) {
    this.credit += count;
    const unsent = this.unsent;
    if (unsent === null) return;
    unsent.offset = this.pump(unsent.bytes, unsent.offset);
    if (unsent.offset < unsent.bytes.length) return;
    this.unsent = null;
    unsent.done();
    if (this.ending !== null) this.end(this.ending);
  }

  /**
   * @param {Buffer} bytes
   * @param {number} offset
   * @returns {number} the first byte that could not be sent
   */
  pump(bytes, offset) {
    while (offset < bytes.length && this.credit > 0) {
      const size = Math.min(bytes.length - offset, MAX_BODY, this.credit);
      this.credit -= size;
      this.channel.sendBytes(TYPE.BODY, this.id, view(bytes, offset, offset + size));
      offset += size;
    }
    return offset;
  }

  /**
   * The reader took so many bytes of the request body.
   *
   * @param {number} count
   */
  take(count) {
    this.taken += count;
    if (this.taken < CREDIT_LUMP) return;
    this.channel.sendCredit(this.id, this.taken);
    this.taken = 0;
  }
}

exports.Stream = Stream;
