"use strict";

// The programming models, each from its call to its answer.

const { createContext, describeInvocation, queryOf } = require("./context");
const errors = require("./errors");
const { Exchange } = require("./exchange");
const { assign, concat, hasOwn, stringify, text } = require("./primordials");
const { report, reportLimit } = require("./report");
const { MODEL } = require("./shape");
const { createUpgrade } = require("./upgrade");
const { callWithFetch } = require("./web");

/** @typedef {import('./invocation').Invocation} Invocation */
/** @typedef {import('./context').Values} Values */
/** @typedef {import('./shape').Handler} Handler */
/** @typedef {(error: unknown, data: unknown) => void} Callback */

/** Gathers a request body whole, then hands it on. */
class Collector {
  /**
   * @param {Invocation} invocation
   * @param {(bytes: Buffer) => void} done
   */
  constructor(invocation, done) {
    this.stream = invocation.stream;
    this.done = done;
    /** @type {Buffer[]} */
    this.chunks = [];
  }

  /** @param {Buffer} bytes */
  body(bytes) {
    this.chunks[this.chunks.length] = bytes;
    this.stream.take(bytes.length);
  }

  end() {
    this.done(this.chunks.length === 1 ? this.chunks[0] : concat(this.chunks));
  }

  abort() {
    this.chunks = [];
  }

  release() {
    this.chunks = [];
  }
}

/**
 * @param {Invocation} invocation
 * @param {unknown} data
 */
function succeed(invocation, data) {
  let body;
  try {
    // A function or a symbol is no JSON: stringify() says undefined.
    body = data ? (stringify(data) ?? "{}") : "{}";
  } catch (error) {
    report(error);
    invocation.answer(errors.unserialisable(error));
    return;
  }
  invocation.answer({ status: 200, source: "webtask", body });
}

/**
 * @param {any} value
 * @returns {value is PromiseLike<unknown>}
 */
function isThenable(value) {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    typeof value.then === "function"
  );
}

/**
 * Completed by the callback, or by the promise the function returned.
 *
 * @param {Invocation} invocation
 * @param {Handler} handler
 * @param {Values | null} context  null: the function takes the callback alone
 */
function callWithCallback(invocation, { model, call: main }, context) {
  let used = false;
  /** @type {Callback} */
  const callback = (error, data) => {
    if (used) return;
    used = true;
    if (error) {
      reportLimit(error);
      invocation.answer(errors.returned(error));
    } else succeed(invocation, data);
  };
  let result;
  try {
    if (model === MODEL.CONTEXT) result = main(context, callback);
    else if (model === MODEL.CALLBACK) result = main(callback);
    else result = model === MODEL.EITHER ? main(assign(callback, context)) : main();
    if (!isThenable(result)) return;
  } catch (error) {
    report(error);
    used = true;
    invocation.answer(errors.threw(error));
    return;
  }
  result.then(
    // Any async function returns a promise, also one that will yet call its callback: undefined is no answer.
    (data) => (data !== undefined || model === MODEL.PROMISE) && callback(null, data),
    (error) => {
      report(error);
      if (!used) invocation.answer(errors.rejected(error));
      used = true;
    },
  );
}

/**
 * Completed by ending the response.
 *
 * @param {Invocation} invocation
 * @param {Function} main
 * @param {{context: Values, query: Values, exchange: Exchange}} call
 */
function callWithResponse(invocation, main, { context, query, exchange }) {
  const { request, response } = exchange;
  request.query = query;
  request.x_wt = describeInvocation(invocation);
  request.webtaskContext = context;
  const fail = (/** @type {unknown} */ error, /** @type {errors.Failure} */ failure) => {
    report(error);
    invocation.answer(failure);
    exchange.wire.destroy();
  };
  try {
    const result = main(context, request, response);
    if (isThenable(result)) result.then(undefined, (error) => fail(error, errors.rejected(error)));
  } catch (error) {
    fail(error, errors.threw(error));
  }
}

/**
 * @param {Invocation} invocation
 * @param {Values} query
 * @param {Handler} handler
 * @returns {boolean} whether `ctx` gets the request's body
 */
function wantsBody({ program, request }, query, { model }) {
  if (!request.body) return false;
  if (hasOwn(query, "webtask_pb")) return true;
  const { parse_body: parseBody } = program.deployment;
  if (parseBody === 0 || parseBody === 1) return parseBody === 1;
  return model !== MODEL.RESPONSE && model !== MODEL.FETCH;
}

/** @param {Invocation} invocation */
function run(invocation) {
  const { program, request } = invocation;
  if (program.handler === null) {
    report(program.error);
    invocation.answer(/** @type {errors.Failure} */ (program.failure));
    return;
  }
  const { handler } = program;
  const { model } = handler;
  if (model === MODEL.CALLBACK || model === MODEL.PROMISE) {
    callWithCallback(invocation, handler, null);
    return;
  }
  const query = queryOf(request.url);
  const start = (/** @type {Buffer | null} */ bytes) => {
    const raw = bytes === null ? null : text(bytes, 0, bytes.length);
    const context = createContext(invocation, query, raw);
    if (model !== MODEL.RESPONSE && model !== MODEL.FETCH) {
      callWithCallback(invocation, handler, context);
      return;
    }
    const offers = request.upgrade === true;
    const exchange = offers ? createUpgrade(invocation) : new Exchange(invocation, bytes);
    if (model === MODEL.FETCH) callWithFetch(invocation, handler.call, { context, exchange });
    else callWithResponse(invocation, handler.call, { context, query, exchange });
  };
  if (wantsBody(invocation, query, handler)) invocation.reader = new Collector(invocation, start);
  else start(null);
}

exports.run = run;
