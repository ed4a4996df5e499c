"use strict";

// The request and response of one invocation, as plain Node's http server would hand them out.

const { IncomingMessage } = require("node:http");

const { assign, nextTick } = require("./primordials");
const { createResponse } = require("./response");
const { Wire } = require("./wire");

/** @typedef {import('./invocation').Invocation} Invocation */
/** @typedef {any} Incoming  http.IncomingMessage with the parts the published types leave out */
/** @typedef {import('./response').Response} Response */

/**
 * @param {Invocation} invocation
 * @param {Wire} wire
 * @returns {Incoming}
 */
function createRequest({ request }, wire) {
  const incoming = /** @type {Incoming} */ (new IncomingMessage(/** @type {any} */ (wire)));
  incoming.method = request.method;
  incoming.url = request.url;
  incoming.httpVersion = request.http;
  incoming.httpVersionMajor = 1;
  incoming.httpVersionMinor = request.http === "1.0" ? 0 : 1;
  incoming._addHeaderLines(request.headers, request.headers.length);
  return incoming;
}

/** @param {Response} response */
function emitClose(response) {
  if (response._closed) return;
  response.destroyed = true;
  response._closed = true;
  response.emit("close");
}

class Exchange {
  /**
   * @param {Invocation} invocation
   * @param {Buffer | null} body  a request body that was already gathered for `ctx`; readable here all the same
   * @param {Wire} [wire]
   */
  constructor(invocation, body, wire = new Wire(invocation)) {
    this.stream = invocation.stream;
    this.wire = wire;
    this.request = createRequest(invocation, this.wire);
    this.wire.on("close", () => this.onClose());
    this.response = createResponse(this.request, this.wire);
    this.finished = false;
    // Bytes in the request's buffer that the executor may not yet replace with new ones.
    this.held = 0;
    this.attach();
    invocation.reader = this;
    if (body !== null && body.length > 0) this.request.push(body);
    if (invocation.received) this.end([]);
  }

  attach() {
    const { wire, response } = this;
    wire.onResume = () => this.takeHeld();
    wire.onAnswer = () => this.cede();
    wire.on("drain", () => {
      if (!response.finished) response._flush();
    });
    // As on plain Node: a response destroyed with an error does not crash its process.
    wire.on("error", () => {});
    wire.on("timeout", () => this.onTimeout());
    response.on("finish", () => this.onFinish());
  }

  /** @param {Buffer} bytes */
  body(bytes) {
    const { request, wire } = this;
    wire.touch();
    this.held += bytes.length;
    if (request._dumped || request.push(bytes)) this.takeHeld();
  }

  takeHeld() {
    if (this.held > 0) this.stream.take(this.held);
    this.held = 0;
  }

  /** @param {string[]} trailers */
  end(trailers) {
    const { request } = this;
    request.complete = true;
    request._addHeaderLines(trailers, trailers.length);
    request.push(null);
  }

  abort() {
    this.wire.destroy();
  }

  /** As on plain Node, a body that nobody began to read is thrown away; else its reader is told, in onFinish. */
  release() {
    const { request, wire } = this;
    if (wire.destroyed || request._consuming || request._readableState.resumeScheduled) return;
    request._dump();
    this.end([]);
  }

  /** User code answers on the connection itself: neither request nor response knows of it any more. */
  cede() {
    this.finished = true;
    this.response.detachSocket(this.wire);
  }

  onFinish() {
    const { request, response, wire } = this;
    this.finished = true;
    if (!request._consuming && !request._readableState.resumeScheduled) request._dump();
    response.detachSocket(wire);
    nextTick(emitClose, response);
    wire.destroy();
  }

  onClose() {
    const { request } = this;
    if (this.finished && request.complete) return;
    request.destroy(assign(new Error("aborted"), { code: "ECONNRESET" }));
  }

  onTimeout() {
    if (this.finished) return;
    const { request, response, wire } = this;
    const heardByRequest = !request.complete && request.emit("timeout", wire);
    const heardByResponse = response.emit("timeout", wire);
    if (!heardByRequest && !heardByResponse) wire.destroy();
  }
}

exports.Exchange = Exchange;
