"use strict";

// The three programming models, told apart by how many parameters the function declares.

const { createContext, describeInvocation, queryOf } = require("./context");
const errors = require("./errors");
const { Exchange } = require("./exchange");
const { concat, hasOwn, stringify, text } = require("./primordials");
const { report, reportLimit } = require("./report");
const { createUpgrade } = require("./upgrade");

/** @typedef {import('./invocation').Invocation} Invocation */
/** @typedef {import('./context').Values} Values */

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
 * Models 1 and 2: completed by the callback, or by the promise the function returned.
 *
 * @param {Invocation} invocation
 * @param {Function} main
 * @param {Values | null} context  null: the function takes the callback alone
 */
function callWithCallback(invocation, main, context) {
  let used = false;
  const callback = (/** @type {unknown} */ error, /** @type {unknown} */ data) => {
    if (used) return;
    used = true;
    if (error) {
      reportLimit(error);
      invocation.answer(errors.returned(error));
    } else succeed(invocation, data);
  };
  let result;
  try {
    result = context === null ? main(callback) : main(context, callback);
    if (!isThenable(result)) return;
  } catch (error) {
    report(error);
    used = true;
    invocation.answer(errors.threw(error));
    return;
  }
  result.then(
    // Any async function returns a promise, also one that will yet call its callback: undefined is no answer.
    (data) => data !== undefined && callback(null, data),
    (error) => {
      report(error);
      if (!used) invocation.answer(errors.rejected(error));
      used = true;
    },
  );
}

/**
 * Model 3: completed by ending the response.
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
 * @returns {boolean} whether `ctx` gets the request's body
 */
function wantsBody({ program, request }, query) {
  if (!request.body) return false;
  if (hasOwn(query, "webtask_pb")) return true;
  const { parse_body: parseBody } = program.deployment;
  if (parseBody === 0 || parseBody === 1) return parseBody === 1;
  return /** @type {Function} */ (program.main).length < 3;
}

/** @param {Invocation} invocation */
function run(invocation) {
  const main = /** @type {Function} */ (invocation.program.main);
  if (main.length === 1) {
    callWithCallback(invocation, main, null);
    return;
  }
  const query = queryOf(invocation.request.url);
  const start = (/** @type {Buffer | null} */ bytes) => {
    const raw = bytes === null ? null : text(bytes, 0, bytes.length);
    const context = createContext(invocation, query, raw);
    if (main.length === 2) {
      callWithCallback(invocation, main, context);
      return;
    }
    const offers = invocation.request.upgrade === true;
    const exchange = offers ? createUpgrade(invocation) : new Exchange(invocation, bytes);
    callWithResponse(invocation, main, { context, query, exchange });
  };
  if (wantsBody(invocation, query)) invocation.reader = new Collector(invocation, start);
  else start(null);
}

exports.run = run;
