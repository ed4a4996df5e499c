"use strict";

// A request that offers another protocol. User code answers it with `res` like any other, or on `req.socket`
// in HTTP's own words, as on plain Node's "upgrade" event; after a 101 that socket carries bytes both ways.

const { Duplex } = require("node:stream");

const { Exchange } = require("./exchange");
const { Wire } = require("./wire");

const { pause, resume } = Duplex.prototype;

/** @typedef {import('./invocation').Invocation} Invocation */

class Socket extends Wire {
  /** @param {Invocation} invocation */
  constructor(invocation) {
    super(invocation, { autoDestroy: true });
    // Bytes that wait to be read, which the executor may not yet replace with new ones.
    this.held = 0;
  }

  resume() {
    resume.call(this);
    return this;
  }

  pause() {
    pause.call(this);
    return this;
  }

  /** @param {Buffer} bytes */
  arrive(bytes) {
    this.touch();
    this.held += bytes.length;
    if (this.push(bytes)) this._read();
  }

  _read() {
    if (this.held > 0) this.stream.take(this.held);
    this.held = 0;
  }
}

/**
 * @param {Invocation} invocation
 * @returns {Exchange}
 */
function createUpgrade(invocation) {
  const socket = new Socket(invocation);
  // It has no body: what comes after its head is the connection's.
  const exchange = new Exchange(invocation, null, socket);
  exchange.request.upgrade = true;
  invocation.received = false;
  invocation.reader = {
    body: (bytes) => socket.arrive(bytes),
    end() {
      socket.push(null);
      invocation.stream.hearEnd();
    },
    abort: () => exchange.abort(),
    release() {},
  };
  return exchange;
}

exports.createUpgrade = createUpgrade;
