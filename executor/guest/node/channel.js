"use strict";

// The executor's end of the world: frames in and out of one inherited socket. Everything said within one
// turn of the event loop leaves in one write.

const net = require("node:net");

const { Decoder, HEADER, MAX_BODY, TYPE, writeHeader, writeUint32 } = require("./frames");
const { allocateAlone, byteLength, nextTick, putBytes, putText, view } = require("./primordials");

const STAGING = 2 * MAX_BODY;
const READ_SIZE = 65_536;

/** @typedef {import('./frames').FrameHandler} FrameHandler */

class Channel {
  /**
   * @param {number} fd
   * @param {{onFrame: FrameHandler, onFault: (error: unknown) => void, onClose: () => void}} events
   */
  constructor(fd, { onFrame, onFault, onClose }) {
    this.decoder = new Decoder(onFrame);
    // Payloads are copied here at once: user code may reuse its buffer as soon as its write has returned,
    // and HEAD, BODY and END of a small answer lie side by side.
    this.staging = allocateAlone(STAGING);
    this.used = 0;
    /** @type {Buffer[]} */
    this.full = [];
    this.scheduled = false;
    this.flushSoon = () => this.flush();

    const onread = {
      buffer: allocateAlone(READ_SIZE),
      callback: (/** @type {number} */ length, /** @type {any} */ chunk) => {
        this.scheduled = true;
        try {
          this.decoder.feed(chunk, length);
        } catch (error) {
          onFault(error);
        }
        this.flush();
        return true;
      },
    };
    // `onread` is documented for net.connect; the constructor takes it as well, and reading into one
    // buffer spares an allocation per read.
    this.socket = new net.Socket(/** @type {any} */ ({ fd, onread, readable: true, writable: true }));
    this.socket.on("error", onClose);
    this.socket.on("close", onClose);
    this.socket.resume();
  }

  /** True when every byte said so far is in the kernel's hands. */
  get drained() {
    return this.used === 0 && this.socket.writableLength === 0;
  }

  /**
   * @param {number} type
   * @param {number} stream
   * @param {string} text
   */
  sendText(type, stream, text) {
    // A UTF-16 unit takes at most three bytes; measuring exactly pays only when that might not fit.
    const bound = text.length * 3;
    const at = this.reserve(HEADER + (bound <= MAX_BODY ? bound : byteLength(text)));
    const size = putText(this.staging, text, at + HEADER);
    writeHeader(this.staging, at, { type, stream, size });
    this.used = at + HEADER + size;
  }

  /**
   * @param {number} type
   * @param {number} stream
   * @param {Uint8Array} payload
   */
  sendBytes(type, stream, payload) {
    const size = payload.length;
    const at = this.reserve(HEADER + size);
    writeHeader(this.staging, at, { type, stream, size });
    if (size > 0) putBytes(this.staging, payload, at + HEADER);
    this.used = at + HEADER + size;
  }

  /**
   * @param {number} type
   * @param {number} stream
   */
  sendEmpty(type, stream) {
    const at = this.reserve(HEADER);
    writeHeader(this.staging, at, { type, stream, size: 0 });
    this.used = at + HEADER;
  }

  /**
   * @param {number} stream
   * @param {number} count
   */
  sendCredit(stream, count) {
    const at = this.reserve(HEADER + 4);
    writeHeader(this.staging, at, { type: TYPE.CREDIT, stream, size: 4 });
    writeUint32(this.staging, at + HEADER, count);
    this.used = at + HEADER + 4;
  }

  /**
   * @param {number} room
   * @returns {number} where the next frame begins
   */
  reserve(room) {
    if (!this.scheduled) {
      this.scheduled = true;
      nextTick(this.flushSoon);
    }
    if (this.used + room > this.staging.length) this.turn(room);
    return this.used;
  }

  /**
   * Puts the full staging buffer aside and takes a new one.
   *
   * @param {number} room
   */
  turn(room) {
    this.full[this.full.length] = view(this.staging, 0, this.used);
    this.staging = allocateAlone(room > STAGING ? room : STAGING);
    this.used = 0;
  }

  flush() {
    this.scheduled = false;
    if (this.used === 0) return;
    const { full, socket } = this;
    const last = view(this.staging, 0, this.used);
    if (full.length === 0) socket.write(last);
    else this.writeAll(full, last);
    // Usually the kernel took all of it and the buffer is free again; else the pending write owns it.
    if (socket.writableLength > 0) this.staging = allocateAlone(STAGING);
    this.used = 0;
  }

  /**
   * @param {Buffer[]} full
   * @param {Buffer} last
   */
  writeAll(full, last) {
    this.full = [];
    this.socket.cork();
    for (let i = 0; i < full.length; i++) this.socket.write(full[i]);
    this.socket.write(last);
    this.socket.uncork();
  }
}

exports.Channel = Channel;
