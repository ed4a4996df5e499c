"use strict";

// One frame: u32 length | u8 type | u32 stream | payload, big endian; length counts all after itself.

const { allocateAlone, putBytes, view } = require("./primordials");

const TYPE = Object.freeze({
  READY: 1,
  LOAD: 2,
  REQUEST: 3,
  HEAD: 4,
  BODY: 5,
  END: 6,
  RESET: 7,
  CREDIT: 8,
  PING: 9,
  PONG: 10,
  LEAVE: 11,
  CALL: 12,
  RESULT: 13,
});

const HEADER = 9;
const MAX_BODY = 65_536;
const MAX_HEAD = 131_072;
// A LOAD with the largest code there may be, each of its characters escaped.
const MAX_PAYLOAD = 64 * 1024 * 1024;
const INITIAL_CREDIT = 262_144;

/** The executor spoke out of turn: the two sides no longer agree where frames begin. */
class ProtocolError extends Error {}

/**
 * @param {Buffer} buffer
 * @param {number} at
 */
function readUint32(buffer, at) {
  return ((buffer[at] << 24) | (buffer[at + 1] << 16) | (buffer[at + 2] << 8) | buffer[at + 3]) >>> 0;
}

/**
 * @param {Buffer} buffer
 * @param {number} at
 * @param {number} value
 */
function writeUint32(buffer, at, value) {
  buffer[at] = value >>> 24;
  buffer[at + 1] = value >>> 16;
  buffer[at + 2] = value >>> 8;
  buffer[at + 3] = value;
}

/**
 * @param {Buffer} buffer
 * @param {number} at
 * @param {{type: number, stream: number, size: number}} frame
 */
function writeHeader(buffer, at, { type, stream, size }) {
  writeUint32(buffer, at, size + 5);
  buffer[at + 4] = type;
  writeUint32(buffer, at + 5, stream);
}

/**
 * @callback FrameHandler
 * @param {number} type
 * @param {number} stream
 * @param {Buffer} payload
 * @param {boolean} owned  true: the payload stays valid; false: only until the handler returns
 * @returns {void}
 */

/** Cuts the incoming bytes into frames. A payload that arrived whole is handed over without a copy. */
class Decoder {
  /** @param {FrameHandler} handler */
  constructor(handler) {
    this.handler = handler;
    this.header = allocateAlone(HEADER);
    this.headerFill = 0;
    this.type = 0;
    this.stream = 0;
    /** @type {Buffer | null} */
    this.payload = null;
    this.payloadFill = 0;
  }

  /**
   * @param {Buffer} chunk
   * @param {number} length
   */
  feed(chunk, length) {
    let at = 0;
    while (at < length) {
      if (this.payload !== null) at = this.fill(chunk, at, length);
      else if (this.headerFill > 0 || length - at < HEADER) at = this.fillHeader(chunk, at, length);
      else {
        const size = this.open(chunk, at);
        at = this.body(chunk, at + HEADER, { length, size });
      }
    }
  }

  /**
   * @param {Buffer} source
   * @param {number} at
   * @returns {number} the payload's size
   */
  open(source, at) {
    const size = readUint32(source, at) - 5;
    if (size < 0 || size > MAX_PAYLOAD) throw new ProtocolError(`a frame of ${size} payload bytes`);
    this.type = source[at + 4];
    this.stream = readUint32(source, at + 5);
    return size;
  }

  /**
   * @param {Buffer} chunk
   * @param {number} at
   * @param {{length: number, size: number}} extent
   */
  body(chunk, at, { length, size }) {
    if (length - at >= size) {
      this.handler(this.type, this.stream, view(chunk, at, at + size), false);
      return at + size;
    }
    this.payload = allocateAlone(size);
    this.payloadFill = 0;
    return this.fill(chunk, at, length);
  }

  /**
   * @param {Buffer} chunk
   * @param {number} at
   * @param {number} length
   */
  fillHeader(chunk, at, length) {
    while (at < length && this.headerFill < HEADER) this.header[this.headerFill++] = chunk[at++];
    if (this.headerFill < HEADER) return at;
    this.headerFill = 0;
    return this.body(chunk, at, { length, size: this.open(this.header, 0) });
  }

  /**
   * @param {Buffer} chunk
   * @param {number} at
   * @param {number} length
   */
  fill(chunk, at, length) {
    const payload = /** @type {Buffer} */ (this.payload);
    const end = Math.min(length, at + payload.length - this.payloadFill);
    putBytes(payload, view(chunk, at, end), this.payloadFill);
    this.payloadFill += end - at;
    if (this.payloadFill === payload.length) {
      this.payload = null;
      this.handler(this.type, this.stream, payload, true);
    }
    return end;
  }
}

exports.Decoder = Decoder;
exports.HEADER = HEADER;
exports.INITIAL_CREDIT = INITIAL_CREDIT;
exports.MAX_BODY = MAX_BODY;
exports.MAX_HEAD = MAX_HEAD;
exports.ProtocolError = ProtocolError;
exports.TYPE = TYPE;
exports.readUint32 = readUint32;
exports.writeHeader = writeHeader;
exports.writeUint32 = writeUint32;
