"use strict";

// What user code may ask of the executor while it runs. A call is a line of JSON and then a text; so is its result.

const { AsyncResource } = require("node:async_hooks");

const { MAX_BODY, TYPE } = require("./frames");
const { assign, createTable, fromBytes, nextTick, parse, stringify, text, view } = require("./primordials");

// The executor kills who has more of them open. More than these wait here, in the worker's own memory.
const MAX_OPEN = 4;
const NEWLINE = 10;
const UNDERSTOOD = 200;

/** @typedef {import('./channel').Channel} Channel */
/** @typedef {{status: number, message?: string, etag?: string | null}} Head */
/**
 * @callback Done
 * @param {Error | null} error  with the `code` of an HTTP status, and what else the result's head says
 * @param {Head} head
 * @param {string} body
 * @returns {void}
 */
/** @typedef {{bytes: Buffer, done: Done, scope: AsyncResource}} Call */

const indexOf = Function.prototype.call.bind(Buffer.prototype.indexOf);
const within = Function.prototype.call.bind(AsyncResource.prototype.runInAsyncScope);

/** @type {Channel | null} */
let channel = null;
let last = 0;
let open = 0;
/** @type {Map<number, Call>} */
const calls = createTable();
// Calls that wait are those with the numbers after `sent`.
let sent = 0;

/**
 * @param {Record<string, unknown>} head  `what` and its arguments
 * @param {string} body
 * @param {Done} done  called in the asynchronous context of the caller
 */
function call(head, body, done) {
  const bytes = fromBytes(`${stringify(head)}\n${body}`);
  calls.set(++last, { bytes, done, scope: new AsyncResource("WEBTASKCALL") });
  sendNext();
}

function sendNext() {
  while (channel !== null && open < MAX_OPEN && sent < last) {
    const id = ++sent;
    open++;
    send(channel, id, /** @type {Call} */ (calls.get(id)));
  }
}

/**
 * In pieces: one that is as large as a frame may be says that another follows.
 *
 * @param {Channel} out
 * @param {number} id
 * @param {Call} call
 */
function send(out, id, call) {
  const { bytes } = call;
  let at = 0;
  for (; bytes.length - at >= MAX_BODY; at += MAX_BODY)
    out.sendBytes(TYPE.CALL, id, view(bytes, at, at + MAX_BODY));
  out.sendBytes(TYPE.CALL, id, view(bytes, at, bytes.length));
  call.bytes = view(bytes, 0, 0);
}

/**
 * A RESULT frame. What comes of it runs later, as part of whoever called.
 *
 * @param {number} id
 * @param {Buffer} payload
 */
function onResult(id, payload) {
  const found = calls.get(id);
  if (found === undefined) return;
  calls.delete(id);
  open--;
  const end = indexOf(payload, NEWLINE);
  /** @type {Head} */
  const head = parse(text(payload, 0, end));
  const body = text(payload, end + 1, payload.length);
  within(found.scope, nextTick, null, found.done, failure(head), head, body);
  sendNext();
}

/**
 * @param {Head} head
 * @returns {Error | null}
 */
function failure({ status, message }) {
  return status === UNDERSTOOD ? null : assign(new Error(message), { code: status });
}

/**
 * A function in the published form calls back; one without a callback gets a promise. A failure that nobody
 * waits for must not end the worker.
 *
 * @template T
 * @param {((error: any, value?: T) => void) | undefined} callback
 * @param {(done: (error: unknown, value?: T) => void) => void} work
 * @returns {Promise<T> | void}
 */
function answering(callback, work) {
  if (callback !== undefined) {
    work(callback);
    return;
  }
  const { promise, resolve, reject } = Promise.withResolvers();
  promise.catch(() => {});
  work((error, value) => (error ? reject(error) : resolve(/** @type {T} */ (value))));
  return promise;
}

exports.answering = answering;
exports.call = call;
exports.onResult = onResult;

/** @param {Channel} to */
exports.install = (to) => {
  channel = to;
};
