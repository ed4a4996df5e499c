"use strict";

// The web-standard model: `export default { fetch(request, env, ctx) }`, with Node's own Request and Response.

const { Readable } = require("node:stream");

const errors = require("./errors");
const { assign } = require("./primordials");
const { report } = require("./report");

const BODYLESS = ["GET", "HEAD"];
/** What may stand in a URL as it is; anything else could move its path. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** @typedef {import('./invocation').Invocation} Invocation */
/** @typedef {import('./exchange').Exchange} Exchange */
/** @typedef {import('./context').Values} Values */
/** @typedef {any} Outgoing  http.ServerResponse */

/** Makes Node load its modules for the web's classes, while nobody waits yet: it takes longer than many a request. */
function prepare() {
  return new Request("http://localhost/", { headers: new Headers() }) && new Response("");
}

/**
 * @param {Invocation} invocation
 * @param {Exchange} exchange
 * @returns {Request}
 */
function requestOf({ request }, { request: incoming, wire }) {
  const headers = new Headers();
  for (let i = 0; i < request.headers.length; i += 2)
    headers.append(request.headers[i], request.headers[i + 1]);
  const named = String(incoming.headers.host ?? "");
  const base = `${request.encrypted ? "https" : "http"}://${HOST.test(named) ? named : "localhost"}`;
  const url = URL.parse(base + request.url) ?? new URL(`http://localhost${request.url}`);
  const gone = new AbortController();
  wire.on("close", () => gone.abort());
  const { method } = request;
  const body = request.body && !BODYLESS.includes(method) ? Readable.toWeb(incoming) : undefined;
  return new Request(
    url,
    /** @type {any} */ ({ method, headers, body, duplex: "half", signal: gone.signal }),
  );
}

/**
 * Passes the body on as fast as the client takes it.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @param {Outgoing} response
 */
async function pass(body, response) {
  const reader = body.getReader();
  response.once("close", () => reader.cancel().catch(() => {}));
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (response.destroyed) return;
    if (!response.write(value)) await drained(response);
  }
  response.end();
}

/**
 * @param {Outgoing} response
 * @returns {Promise<void>}
 */
function drained(response) {
  return new Promise((resolve) => {
    const go = () => {
      response.off("drain", go);
      response.off("close", go);
      resolve();
    };
    response.on("drain", go);
    response.on("close", go);
  });
}

/**
 * @param {any} answer  a Response
 * @param {Outgoing} response
 */
async function send(answer, response) {
  const headers = [];
  for (const [name, value] of answer.headers) headers.push(name, value);
  response.writeHead(answer.status, answer.statusText || undefined, headers);
  if (answer.body === null) response.end();
  else await pass(answer.body, response);
}

/**
 * @param {Values} context
 * @returns {Values} the third argument: `ctx` of the other models, with what the web's runtimes have there
 */
function executionContext(context) {
  return assign(context, {
    waitUntil(/** @type {unknown} */ promise) {
      Promise.resolve(promise).catch(report);
    },
    passThroughOnException() {},
  });
}

/**
 * @param {Invocation} invocation
 * @param {Function} main
 * @param {{context: Values, exchange: Exchange}} call
 */
async function callWithFetch(invocation, main, { context, exchange }) {
  const { response } = exchange;
  const fail = (/** @type {unknown} */ error, /** @type {errors.Failure} */ failure) => {
    report(error);
    invocation.answer(failure);
    exchange.wire.destroy();
  };
  let answer;
  try {
    const env = { ...context.params, ...context.secrets };
    answer = await main(requestOf(invocation, exchange), env, executionContext(context));
    if (!isResponse(answer))
      throw new TypeError(`fetch() must answer with a Response, not ${errors.describe(answer)}`);
  } catch (error) {
    fail(error, errors.rejected(error));
    return;
  }
  try {
    await send(answer, response);
  } catch (error) {
    if (!response.destroyed) fail(error, errors.threwLater(error));
  }
}

/**
 * @param {any} value
 * @returns {boolean}
 */
function isResponse(value) {
  return (
    value instanceof Response ||
    (typeof value?.status === "number" && typeof value.headers?.get === "function")
  );
}

exports.callWithFetch = callWithFetch;
exports.prepare = prepare;
