"use strict";

// `ctx.storage`: the webtask's one document. Whoever writes says what he last saw, or that he does not care.

const { answering, call } = require("./calls");
const { assign, byteLength, parse, stringify } = require("./primordials");

const UNREAD =
  "When calling storage.set without having called storage.get before, you must specify the .force option.";
const MODIFIED = "Item was modified since it was read.";
const UNNAMED = "Only a webtask with a name has storage.";
const CONFLICT = 409;

/** @typedef {import('./calls').Head} Head */
/** @typedef {import('./loader').Deployment} Deployment */
/** @typedef {{force?: unknown, etag?: string | null}} Options */
/** @typedef {(error?: any, data?: unknown) => void} Callback */

/**
 * @param {string} message
 * @param {number} code
 * @returns {Error}
 */
function refusal(message, code) {
  return assign(new Error(message), { code });
}

/**
 * `([options,] [callback])` of the published interface.
 *
 * @param {any} options
 * @param {any} callback
 * @returns {{options: Options, callback: Callback | undefined}}
 */
function sorted(options, callback) {
  const only = typeof options === "function" && callback === undefined;
  const sorted = only ? { options: {}, callback: options } : { options: options ?? {}, callback };
  if (sorted.callback !== undefined && typeof sorted.callback !== "function")
    throw new Error("Callback must be a function.");
  if (typeof sorted.options !== "object") throw new Error("Options must be an object.");
  return sorted;
}

/**
 * @param {string} body
 * @returns {unknown} undefined where nothing is stored
 */
function document(body) {
  return body === "" ? undefined : parse(body);
}

class Storage {
  #deployment;
  /** @type {string | null | undefined} undefined: not read yet; null: read, and there was nothing */
  #etag = undefined;
  /** @type {unknown} */
  #data = undefined;

  /** @param {Deployment} deployment */
  constructor(deployment) {
    this.#deployment = deployment;
  }

  /** What was last read or written here. */
  get data() {
    return this.#data;
  }

  get etag() {
    return this.#etag;
  }

  /**
   * @param {any} [options]
   * @param {any} [callback]
   */
  get(options, callback) {
    return answering(sorted(options, callback).callback, (done) => {
      this.#ask({ what: "storage.get" }, "", (error, head, body) => {
        if (error) {
          done(error);
          return;
        }
        this.#see(head, body);
        done(null, this.#data);
      });
    });
  }

  /**
   * @param {any} data  undefined and null delete the document
   * @param {any} [options]
   * @param {any} [callback]
   */
  set(data, options, callback) {
    const { options: wanted, callback: given } = sorted(options, callback);
    const gone = data === undefined || data === null;
    if (!gone && this.#etag === undefined && !wanted.force) throw new Error(UNREAD);
    const body = gone ? "" : stringify(data);
    if (body === undefined) throw new TypeError(`storage.set cannot keep a ${typeof data}: it is no JSON.`);
    return answering(given, (done) => this.#write(body, this.#expected(wanted), done));
  }

  /**
   * @param {Options} options
   * @returns {string | null | undefined} the etag that must be there, null for none, undefined for any
   */
  #expected({ etag, force }) {
    if (etag !== undefined) return etag === null ? null : String(etag);
    return force ? undefined : this.#etag;
  }

  /**
   * @param {string} body
   * @param {string | null | undefined} etag
   * @param {Callback} done
   */
  #write(body, etag, done) {
    const most = this.#deployment.limits.storage_bytes ?? Number.POSITIVE_INFINITY;
    const size = byteLength(body);
    if (size > most) {
      done(refusal(`The document has ${size} bytes as JSON; the limit of storage is ${most}.`, 413));
      return;
    }
    this.#ask({ what: "storage.set", etag }, body, (error, head, found) => {
      if (error && head.status === CONFLICT) {
        // Whoever merges the two and calls again has seen the other.
        this.#see(head, found);
        done(assign(refusal(MODIFIED, CONFLICT), { conflict: this.#data }));
        return;
      }
      if (error) {
        done(error);
        return;
      }
      this.#data = document(body);
      this.#etag = body === "" ? undefined : head.etag;
      done();
    });
  }

  /**
   * @param {Head} head
   * @param {string} body
   */
  #see({ etag }, body) {
    this.#data = document(body);
    this.#etag = etag ?? null;
  }

  /**
   * @param {Record<string, unknown>} head
   * @param {string} body
   * @param {import('./calls').Done} done
   */
  #ask(head, body, done) {
    if (this.#deployment.webtask === null) done(refusal(UNNAMED, 400), { status: 400 }, "");
    else call(head, body, done);
  }
}

exports.Storage = Storage;
