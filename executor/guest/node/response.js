"use strict";

// A genuine http.ServerResponse that speaks frames. Express and its kind replace the prototype of a
// response, so the few methods that would write HTTP/1.1 text are own properties of each one.

const http = require("node:http");

const { MAX_HEAD } = require("./frames");
const { byteLength, isArray, keys, nextTick, stringify } = require("./primordials");

/** @typedef {import('./wire').Wire} Wire */
/** @typedef {any} Response  http.ServerResponse with the parts the published types leave out */

const { ServerResponse, validateHeaderName, validateHeaderValue } = http;
const writeToSocket = /** @type {any} */ (ServerResponse.prototype)._writeRaw;
const kHead = Symbol("head");

/** The header fields of one response, flat, and what they say about its framing. */
class Fields {
  constructor() {
    this.json = "";
    this.length = false;
    this.trailer = false;
    this.encoded = false;
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  add(name, value) {
    if (isArray(value)) {
      for (let i = 0; i < value.length; i++) this.addOne(name, value[i]);
    } else this.addOne(name, value);
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  addOne(name, value) {
    const lower = name.toLowerCase();
    if (lower === "content-length") this.length = true;
    else if (lower === "trailer") this.trailer = true;
    else if (lower === "transfer-encoding") this.encoded = true;
    const comma = this.json === "" ? "" : ",";
    this.json += `${comma}${stringify(name)},${stringify(String(value))}`;
  }

  /**
   * Headers given to writeHead() alone were never checked by setHeader().
   *
   * @param {string} name
   * @param {any} value
   */
  addChecked(name, value) {
    validateHeaderName(name);
    if (isArray(value)) {
      for (let i = 0; i < value.length; i++) validateHeaderValue(name, value[i]);
    } else validateHeaderValue(name, value);
    this.add(name, value);
  }
}

/**
 * @param {any[]} list  flat, or pairs
 * @param {Fields} fields
 */
function addList(list, fields) {
  if (isArray(list[0])) {
    for (let i = 0; i < list.length; i++) fields.addChecked(list[i][0], list[i][1]);
    return;
  }
  if (list.length % 2 !== 0) throw new TypeError("writeHead() needs a list of names and values in pairs");
  for (let i = 0; i < list.length; i += 2) fields.addChecked(list[i], list[i + 1]);
}

/**
 * @param {Response} response
 * @param {any} given  what writeHead() was given, when no header had been set before
 * @returns {Fields}
 */
function collect(response, given) {
  const fields = new Fields();
  const names = response.getRawHeaderNames();
  if (names.length > 0) {
    for (let i = 0; i < names.length; i++) fields.add(names[i], response.getHeader(names[i]));
  } else if (isArray(given)) addList(given, fields);
  else if (given) {
    const own = keys(given);
    for (let i = 0; i < own.length; i++) fields.addChecked(own[i], given[own[i]]);
  }
  return fields;
}

/**
 * A larger frame would end the worker.
 *
 * @param {string} what
 * @param {string} json
 * @returns {string}
 */
function bounded(what, json) {
  if (json.length * 3 <= MAX_HEAD || byteLength(json) <= MAX_HEAD) return json;
  throw new RangeError(
    `The ${what} of this response are too large: ${byteLength(json)} bytes, allowed ${MAX_HEAD}`,
  );
}

/**
 * In place of OutgoingMessage.prototype._storeHeader.
 *
 * @this {Response}
 * @param {string} statusLine
 * @param {any} given
 */
function storeHeader(statusLine, given) {
  const fields = collect(this, given);
  const known = typeof this._contentLength === "number" && !this._removedContLen;
  if (known && this._hasBody && !fields.length && !fields.encoded && !fields.trailer) {
    fields.add("Content-Length", this._contentLength);
  }
  if (this.statusCode < 200 || this.statusCode > 599) {
    throw new RangeError(
      `A webtask cannot answer with status ${this.statusCode}: it must be from 200 to 599`,
    );
  }
  this[kHead] = bounded(
    "headers",
    `[${this.statusCode},${stringify(this.statusMessage)},[${fields.json}],"webtask"]`,
  );
  // Frames carry the length of each piece: Node must not add HTTP/1.1 chunks of its own.
  this.chunkedEncoding = false;
  this._header = `${statusLine}\r\n`;
  this._headerSent = false;
}

/**
 * In place of OutgoingMessage.prototype._send.
 *
 * @this {Response}
 * @param {string | Uint8Array} data
 * @param {any} encoding
 * @param {any} callback
 */
function send(data, encoding, callback) {
  const wire = /** @type {Wire | null} */ (this.socket);
  if (!this._headerSent && this._header !== null && wire !== null) {
    this._headerSent = true;
    wire.stream.head(this[kHead]);
  }
  if (data.length === 0 && typeof callback !== "function") return true;
  return writeToSocket.call(this, data, encoding, callback);
}

/**
 * In place of OutgoingMessage.prototype._writeRaw, which else is used for informational answers only
 * (100, 102, 103): the executor's front sends those itself.
 *
 * @param {unknown} _text
 * @param {unknown} _encoding
 * @param {unknown} callback
 */
function skipInformation(_text, _encoding, callback) {
  if (typeof callback === "function") nextTick(/** @type {() => void} */ (callback));
  return true;
}

/**
 * The trailers that addTrailers() gathered and checked, as a flat JSON list.
 *
 * @param {string} lines
 * @returns {string}
 */
function trailersOf(lines) {
  if (lines === "") return "";
  /** @type {string[]} */
  const flat = [];
  const parts = lines.split("\r\n");
  for (let i = 0; i < parts.length; i++) {
    const line = parts[i];
    const colon = line.indexOf(": ");
    if (colon < 0) continue;
    flat[flat.length] = line.slice(0, colon);
    flat[flat.length] = line.slice(colon + 2);
  }
  return bounded("trailers", stringify(flat));
}

/**
 * @param {http.IncomingMessage} request
 * @param {Wire} wire
 * @returns {Response}
 */
function createResponse(request, wire) {
  const response = /** @type {Response} */ (new ServerResponse(request));
  response._storeHeader = storeHeader;
  response._send = send;
  response._writeRaw = skipInformation;
  response[kHead] = "";
  response.on("prefinish", () => {
    wire.trailers = trailersOf(response._trailer);
    wire.end();
  });
  response.assignSocket(wire);
  return response;
}

exports.createResponse = createResponse;
