"use strict";

// Compiles the files of a deployment: CommonJS, from memory, once.

const Module = require("node:module");
const path = require("node:path");

const { uncompiled } = require("./errors");
const { notFound, resolverFor } = require("./modules");
const { createTable, hasOwn, keys, parse } = require("./primordials");
const { Storage } = require("./storage");

const { posix } = path;
const compile = /** @type {any} */ (Module.prototype)._compile;

const SHAPES = "([ctx], callback) or (ctx, req, res)";
const MAY_OMIT = ["", ".js", ".cjs", ".json", "/index.js", "/index.json"];

/** @typedef {import('./errors').Failure} Failure */
/**
 * @typedef {object} Deployment  the payload of a LOAD frame
 * @property {string} team
 * @property {string | null} webtask
 * @property {string} slot
 * @property {string} entry
 * @property {Record<string, string>} files
 * @property {Record<string, string>} secrets
 * @property {Record<string, string>} params
 * @property {Record<string, string>} meta
 * @property {number | null} parse_body
 * @property {number} merge_body
 * @property {{memory_bytes?: number, storage_bytes?: number}} limits
 */

/** What a deployment's code is, once loaded: a function to call or the reason why there is none. */
class Program {
  /** @param {Deployment} deployment */
  constructor(deployment) {
    this.deployment = deployment;
    this.resolver = resolverFor(deployment);
    /** @type {Map<string, any>} */
    this.modules = createTable();
    /** @type {Function | null} */
    this.main = null;
    /** @type {Failure | null} */
    this.failure = null;
    /** @type {unknown} */
    this.error = null;
  }

  load() {
    try {
      this.main = this.check(this.loadEntry());
    } catch (error) {
      this.error = error;
      this.failure = uncompiled(error);
    }
  }

  loadEntry() {
    const { entry, files } = this.deployment;
    if (!hasOwn(files, entry))
      throw notFound(`Cannot find the entry file '${entry}' (files: ${keys(files).join(", ")})`);
    const unit = this.create(entry);
    // A top-level `return f` is as good as `module.exports = f`.
    return this.run(unit) || unit.exports;
  }

  /**
   * @param {unknown} main
   * @returns {Function}
   */
  check(main) {
    if (typeof main !== "function") throw new TypeError("Supplied code must return or export a function.");
    if (main.length >= 1 && main.length <= 3) return main;
    throw new TypeError(
      `The JavaScript function must have one of the following signatures: ${SHAPES}; it declares ${main.length} parameters.`,
    );
  }

  /**
   * @param {string} name
   * @returns {any}
   */
  create(name) {
    const unit = /** @type {any} */ (new Module(name));
    const { secrets, meta, params } = this.deployment;
    unit.filename = name;
    unit.paths = [];
    unit.webtask = { secrets, meta, params, storage: new Storage(this.deployment) };
    unit.require = (/** @type {unknown} */ request) => this.require(unit, request);
    this.modules.set(name, unit);
    return unit;
  }

  /**
   * @param {any} unit
   * @returns {unknown} what a top-level `return` gave
   */
  run(unit) {
    const name = /** @type {string} */ (unit.filename);
    const text = this.deployment.files[name];
    const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    let result;
    if (name.endsWith(".json")) unit.exports = this.parseFile(name, source);
    else result = compile.call(unit, source, name, "commonjs");
    unit.loaded = true;
    return result;
  }

  /**
   * @param {string} name
   * @param {string} source
   * @returns {unknown}
   */
  parseFile(name, source) {
    try {
      return parse(source);
    } catch (error) {
      const reason = /** @type {Error} */ (error);
      reason.message = `${name}: ${reason.message}`;
      throw reason;
    }
  }

  /**
   * @param {any} unit  the one that requires
   * @param {unknown} request
   * @returns {unknown}
   */
  require(unit, request) {
    if (typeof request !== "string" || request === "") {
      throw new TypeError(`require() takes the name of a module; ${unit.filename} gave ${String(request)}.`);
    }
    if (/^\.\.?(\/|$)/.test(request)) return this.requireFile(unit, request);
    return this.resolver.require(request, unit.filename);
  }

  /**
   * @param {any} unit
   * @param {string} request
   * @returns {unknown}
   */
  requireFile(unit, request) {
    const { files } = this.deployment;
    const wanted = posix.join(posix.dirname(unit.filename), request).replace(/\/$/, "");
    const ending = MAY_OMIT.find((end) => hasOwn(files, wanted + end));
    if (ending === undefined) {
      throw notFound(
        `Cannot find module '${request}' from ${unit.filename}. This webtask has ${keys(files).join(", ")}.`,
      );
    }
    const known = this.modules.get(wanted + ending);
    if (known !== undefined) return known.exports;
    const found = this.create(wanted + ending);
    try {
      this.run(found);
    } catch (error) {
      this.modules.delete(wanted + ending);
      throw error;
    }
    return found.exports;
  }
}

exports.Program = Program;
