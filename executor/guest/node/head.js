"use strict";

// The head of an answer that user code writes to the connection itself, as text, as on plain Node's "upgrade"
// event: "HTTP/1.1 101 Switching Protocols" and what follows, up to the empty line.

const { validateHeaderName, validateHeaderValue } = require("node:http");

const { fromBytes, latin1, stringify } = require("./primordials");

// JSON makes it twice as long at most, which a HEAD frame still carries.
const MAX_TEXT = 32_768;
const SWITCHING = 101;

/** @typedef {{status: number, json: string, rest: Buffer}} Head  `rest` is what follows the head */

class HeadReader {
  constructor() {
    this.text = "";
  }

  /**
   * @param {Buffer} bytes
   * @returns {Head | null} null while the head goes on
   */
  read(bytes) {
    this.text += latin1(bytes, 0, bytes.length);
    for (;;) {
      const end = this.text.indexOf("\r\n\r\n");
      if ((end < 0 ? this.text.length : end) > MAX_TEXT)
        throw new RangeError(`The head of an answer may have ${MAX_TEXT} bytes`);
      if (end < 0) return null;
      const [first, ...lines] = this.text.slice(0, end).split("\r\n");
      this.text = this.text.slice(end + 4);
      const [status, reason] = statusOf(first);
      // 100 Continue and its kind are followed by the answer proper.
      if (status >= 200 || status === SWITCHING) {
        const json = `[${status},${stringify(reason)},${stringify(fieldsOf(lines, status))},"webtask"]`;
        return { status, json, rest: fromBytes(this.text, "latin1") };
      }
    }
  }
}

/**
 * @param {string} line
 * @returns {[number, string]}
 */
function statusOf(line) {
  const parts = /^HTTP\/1\.[01] ([1-5]\d\d)(?: (.*))?$/.exec(line);
  if (parts === null) {
    throw new TypeError(
      `An answer begins with a line like 'HTTP/1.1 101 Switching Protocols', not '${line}'`,
    );
  }
  const reason = parts[2] ?? "";
  validateHeaderValue("reason", reason);
  return [Number(parts[1]), reason];
}

/**
 * @param {string[]} lines
 * @param {number} status
 * @returns {string[]} flat
 */
function fieldsOf(lines, status) {
  /** @type {string[]} */
  const flat = [];
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0));
    const value = line.slice(colon + 1).trim();
    validateHeaderName(name);
    validateHeaderValue(name, value);
    if (status >= 200 && name.toLowerCase() === "transfer-encoding")
      throw new TypeError("An answer written to the socket itself cannot be chunked; answer with `res`");
    flat[flat.length] = name;
    flat[flat.length] = value;
  }
  return flat;
}

exports.HeadReader = HeadReader;
exports.SWITCHING = SWITCHING;
