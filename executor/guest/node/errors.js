"use strict";

// What a caller gets when user code fails: the bodies the published webtask clients know.

const { inspect, isError, stringify } = require("./primordials");

const RETURNED = "Script returned an error.";
const THREW = "Script generated an unhandled synchronous exception.";
const THREW_LATER = "Script generated an unhandled asynchronous exception.";
const EXITED = "Script ended the process of its worker.";
const UNSERIALISABLE = "Error when JSON serializing the result of the JavaScript code.";

/** @typedef {{status: number, source: 'webtask' | 'compiler', body: string}} Failure */

/**
 * Reads a property of a value that user code made: its getters may throw.
 *
 * @param {any} value
 * @param {string} name
 * @returns {any}
 */
function read(value, name) {
  try {
    return value[name];
  } catch {
    return undefined;
  }
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function describe(value) {
  try {
    return isError(value) ? String(value) : inspect(value);
  } catch {
    return "a value that cannot be printed";
  }
}

/**
 * The text for the log: the stack where there is one.
 *
 * @param {unknown} value
 * @returns {string}
 */
function trace(value) {
  const stack = isError(value) ? read(value, "stack") : undefined;
  return typeof stack === "string" && stack !== "" ? stack : describe(value);
}

/**
 * @param {Record<string, unknown>} body
 * @returns {string}
 */
function print(body) {
  try {
    return stringify(body, null, 2);
  } catch {
    // Only `details` and the like can hold what JSON cannot say: a cycle, a BigInt, a throwing toJSON.
    /** @type {Record<string, unknown>} */
    const plain = { __proto__: null };
    for (const name in body) {
      const value = body[name];
      plain[name] = typeof value === "number" || typeof value === "string" ? value : describe(value);
    }
    return stringify(plain, null, 2);
  }
}

/**
 * @param {unknown} value
 * @param {string} error
 * @param {number} status
 * @returns {Failure}
 */
function failed(value, error, status) {
  const known = isError(value);
  /** @type {Record<string, unknown>} */
  const body = { __proto__: null, code: status, error, details: known ? describe(value) : value };
  if (known) {
    body.name = read(value, "name");
    body.message = read(value, "message");
    body.stack = read(value, "stack");
  }
  return { status, source: "webtask", body: print(body) };
}

/**
 * The status an error asks for; anything that is no final HTTP status counts as not asked.
 *
 * @param {any} value
 * @param {number} otherwise
 * @returns {number}
 */
function statusOf(value, otherwise) {
  const asked = Number(read(value, "statusCode"));
  return Number.isInteger(asked) && asked >= 200 && asked <= 599 ? asked : otherwise;
}

module.exports = {
  describe,
  read,
  trace,

  /** `cb(err)` @param {unknown} value */
  returned: (value) => failed(value, RETURNED, statusOf(value, 400)),
  /** @param {unknown} value */
  threw: (value) => failed(value, THREW, 500),
  /** The function's promise was rejected. @param {unknown} value */
  rejected: (value) => failed(value, THREW_LATER, statusOf(value, 500)),
  /** @param {unknown} value */
  threwLater: (value) => failed(value, THREW_LATER, 500),
  /** @param {unknown} value */
  exited: (value) => failed(value, EXITED, 500),
  /** @param {unknown} value */
  unserialisable: (value) => failed(value, UNSERIALISABLE, 400),

  /**
   * The code cannot be compiled or loaded.
   *
   * @param {unknown} value
   * @returns {Failure}
   */
  uncompiled(value) {
    const message = isError(value) ? String(read(value, "message")) : describe(value);
    const body = {
      __proto__: null,
      code: 400,
      message: `Compilation failed: ${message}`,
      error: message,
      stack: isError(value) ? read(value, "stack") : undefined,
    };
    return { status: 400, source: "compiler", body: print(body) };
  },
};
