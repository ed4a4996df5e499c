"use strict";

// What arrives on the channel, and what it does.

const calls = require("./calls");
const errors = require("./errors");
const { ProtocolError, TYPE, readUint32 } = require("./frames");
const { Invocation } = require("./invocation");
const { Program } = require("./loader");
const models = require("./models");
const { createTable, fromBytes, isArray, parse, stringify, text } = require("./primordials");
const { Waiting } = require("./waiting");

const MAX_PING = 16;

/** @typedef {import('./channel').Channel} Channel */
/** @typedef {import('./crash').Crash} Crash */
/** @typedef {import('./invocation').Request} Request */

/**
 * @param {Buffer} payload
 * @returns {any}
 */
function json(payload) {
  try {
    return parse(text(payload, 0, payload.length));
  } catch (error) {
    throw new ProtocolError(`a frame whose payload is no JSON: ${errors.describe(error)}`);
  }
}

class Worker {
  /** @param {Crash} crash */
  constructor(crash) {
    this.crash = crash;
    /** @type {Channel | null} */
    this.channel = null;
    /** @type {Map<number, Program>} */
    this.programs = createTable();
    /** @type {Map<number, Invocation>} */
    this.invocations = createTable();
    this.memory = 0;
  }

  /** @type {import('./frames').FrameHandler} */
  onFrame(type, stream, payload, owned) {
    if (this.crash.begun) return;
    switch (type) {
      case TYPE.REQUEST:
        this.onRequest(stream, json(payload));
        return;
      case TYPE.BODY:
        // The channel reuses the buffer of a payload it does not give away.
        this.within(stream, (invocation) => invocation.receive(owned ? payload : fromBytes(payload)));
        return;
      case TYPE.END:
        this.within(stream, (invocation) => invocation.receiveEnd(payload.length > 0 ? json(payload) : []));
        return;
      case TYPE.CREDIT:
        if (payload.length !== 4) throw new ProtocolError(`a CREDIT of ${payload.length} bytes`);
        this.within(stream, (invocation) => invocation.stream.credited(readUint32(payload, 0)));
        return;
      case TYPE.RESET:
        this.within(stream, (invocation) => invocation.abort());
        return;
      case TYPE.PING:
        if (payload.length > MAX_PING) throw new ProtocolError(`a PING of ${payload.length} bytes`);
        /** @type {Channel} */ (this.channel).sendBytes(TYPE.PONG, 0, payload);
        return;
      case TYPE.RESULT:
        calls.onResult(stream, payload);
        return;
      case TYPE.LOAD:
        this.onLoad(stream, json(payload));
        return;
      default:
        throw new ProtocolError(`a frame of type ${type}`);
    }
  }

  /**
   * @param {number} handle
   * @param {import('./loader').Deployment} deployment
   */
  onLoad(handle, deployment) {
    if (typeof deployment?.files !== "object") throw new ProtocolError("a LOAD without files");
    this.memory = deployment.limits?.memory_bytes ?? this.memory;
    const program = new Program(deployment);
    this.programs.set(handle, program);
    this.crash.loading = true;
    program.load();
    this.crash.loading = false;
  }

  /**
   * @param {number} id
   * @param {Request} request
   */
  onRequest(id, request) {
    const program = this.programs.get(request?.deployment);
    if (program === undefined)
      throw new ProtocolError(`a REQUEST for deployment ${request?.deployment}, never loaded`);
    if (!isArray(request.headers) || typeof request.url !== "string")
      throw new ProtocolError("a REQUEST without url or headers");
    const place = {
      channel: /** @type {Channel} */ (this.channel),
      stream: id,
      onOver: () => this.invocations.delete(id),
    };
    const invocation = new Invocation(program, request, place);
    this.invocations.set(id, invocation);
    if (program.pending === null) this.guard(invocation, () => models.run(invocation));
    else this.await(invocation, program.pending);
  }

  /**
   * @param {Invocation} invocation
   * @param {Promise<void>} pending  until its program is loaded
   */
  await(invocation, pending) {
    const waiting = new Waiting(invocation);
    pending.then(() => this.guard(invocation, () => waiting.go()));
  }

  /**
   * A frame for a stream that is over is late, not wrong.
   *
   * @param {number} id
   * @param {(invocation: Invocation) => void} work
   */
  within(id, work) {
    const invocation = this.invocations.get(id);
    if (invocation !== undefined) this.guard(invocation, () => work(invocation));
  }

  /**
   * Runs `work` as part of the invocation. An exception of a listener that it reached (`req.on('data', …)`)
   * must not pass through the decoder, and belongs to this invocation.
   *
   * @param {Invocation} invocation
   * @param {() => void} work
   */
  guard(invocation, work) {
    invocation.enter(() => {
      try {
        work();
      } catch (error) {
        if (error instanceof ProtocolError) throw error;
        this.crash.begin(error, errors.threwLater);
      }
    });
  }

  ready() {
    const greeting = stringify({ runtime: "node", version: process.versions.node });
    /** @type {Channel} */ (this.channel).sendText(TYPE.READY, 0, greeting);
  }
}

exports.Worker = Worker;
