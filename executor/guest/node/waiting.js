"use strict";

// A request that came while its program was still loading: keeps what comes of its body, and hands it on.

const models = require("./models");

/** @typedef {import('./invocation').Invocation} Invocation */

class Waiting {
  /** @param {Invocation} invocation */
  constructor(invocation) {
    this.invocation = invocation;
    /** @type {Buffer[]} */
    this.chunks = [];
    /** @type {string[] | null} */
    this.trailers = null;
    this.upgrade = invocation.request.upgrade === true;
    // Else the bytes after the head of an offer would be dropped.
    if (this.upgrade) invocation.received = false;
    invocation.reader = this;
  }

  /** @param {Buffer} bytes  taken once they are handed on: what waits is bounded by the credit */
  body(bytes) {
    this.chunks[this.chunks.length] = bytes;
  }

  /** @param {string[]} trailers */
  end(trailers) {
    this.trailers = trailers;
  }

  abort() {
    this.chunks = [];
  }

  release() {
    this.chunks = [];
  }

  /** The program is there: from here on as if the request came now. */
  go() {
    const { invocation, chunks, trailers } = this;
    if (invocation.stream.closed) return;
    invocation.reader = null;
    if (trailers !== null) invocation.received = false;
    models.run(invocation);
    for (let i = 0; i < chunks.length; i++) invocation.receive(chunks[i]);
    if (trailers !== null) invocation.receiveEnd(trailers);
  }
}

exports.Waiting = Waiting;
