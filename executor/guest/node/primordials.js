"use strict";

// User code shares this process and may replace any global. What serving a request needs is captured
// here, before the first line of user code runs, so that a patched JSON.stringify breaks only its owner.

const fs = require("node:fs");
const util = require("node:util");

/**
 * @template T
 * @template {unknown[]} A
 * @template R
 * @param {(this: T, ...args: A) => R} method
 * @returns {(self: T, ...args: A) => R}
 */
const uncurry = (method) => Function.prototype.call.bind(method);

/** Node's own Buffer primitives are absent from the published types. */
const bytes = /** @type {any} */ (Buffer.prototype);

const { assign } = Object;
const { delete: drop, get, set } = Map.prototype;

/**
 * A Map that keeps Node's methods, whatever becomes of Map.prototype.
 *
 * @template K, V
 * @returns {Map<K, V>}
 */
function createTable() {
  return assign(new Map(), { delete: drop, get, set });
}

module.exports = {
  assign,
  allocateAlone: Buffer.allocUnsafeSlow,
  byteLength: Buffer.byteLength,
  clearTimeout,
  concat: Buffer.concat,
  createTable,
  fromBytes: Buffer.from,
  hasOwn: Object.hasOwn,
  inspect: util.inspect,
  isArray: Array.isArray,
  isError: (/** @type {unknown} */ value) => value instanceof Error || util.types.isNativeError(value),
  keys: Object.keys,
  /** @type {(self: Buffer, start: number, end: number) => string} */
  latin1: uncurry(bytes.latin1Slice),
  nextTick: process.nextTick,
  now: Date.now,
  parse: JSON.parse,
  setImmediate,
  setTimeout,
  stringify: JSON.stringify,
  writeSync: fs.writeSync,
  /** @type {(self: Buffer, source: Uint8Array, offset: number) => void} */
  putBytes: uncurry(Uint8Array.prototype.set),
  /** @type {(self: Buffer, text: string, offset: number) => number} */
  putText: uncurry(bytes.utf8Write),
  /** @type {(self: Buffer, start: number, end: number) => string} */
  text: uncurry(bytes.utf8Slice),
  /** @type {(self: Buffer, start: number, end: number) => Buffer} */
  view: uncurry(Buffer.prototype.subarray),
};
