"use strict";

// Loads the files of a deployment, from memory, once.

const Module = require("node:module");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const { compile } = require("./compile");
const { Toolchain } = require("./compilers");
const { uncompiled } = require("./errors");
const { Graph } = require("./graph");
const { resolverFor } = require("./modules");
const { packagesFor } = require("./packages");
const { createTable, parse } = require("./primordials");
const { MODEL, handlerOf } = require("./shape");
const { Sources, isRelative } = require("./sources");
const { Storage } = require("./storage");
const { prepare } = require("./web");

const { posix } = path;

/** @typedef {import('./errors').Failure} Failure */
/** @typedef {import('./compile').Compiled} Compiled */
/** @typedef {import('./shape').Handler} Handler */
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
 * @property {string} [url]
 * @property {string} [token]
 * @property {string} [jti]
 * @property {string} [modules]
 */

/** What a deployment's code is, once loaded: a function to call or the reason why there is none. */
class Program {
  /** @param {Deployment} deployment */
  constructor(deployment) {
    this.deployment = deployment;
    this.sources = new Sources(deployment.files);
    this.tools = new Toolchain(this);
    this.packages = packagesFor(resolverFor(deployment), this.tools);
    this.graph = new Graph(this);
    /** @type {Map<string, any>} CommonJS modules by file */
    this.modules = createTable();
    /** @type {Map<string, Compiled>} */
    this.units = createTable();
    /** @type {string | undefined} where its code is, once somebody asked */
    this.place = undefined;
    /** @type {Record<string, string> | undefined} packages it depends on, once somebody asked */
    this.resolved = undefined;
    /** @type {Handler | null} */
    this.handler = null;
    /** @type {Failure | null} */
    this.failure = null;
    /** @type {unknown} */
    this.error = null;
    /** @type {Promise<void> | null} while the code is not ready yet; it never rejects */
    this.pending = null;
    this.hooks = {
      describe: (/** @type {any} */ meta, /** @type {string} */ name) => this.describe(meta, name),
      import: (/** @type {string} */ request, /** @type {string} */ from) => this.import(request, from),
    };
  }

  load() {
    try {
      const { entry } = this.deployment;
      this.sources.check(entry);
      const compiler = this.deployment.meta["wt-compiler"];
      if (compiler) this.await(this.tools.use(compiler));
      else if (this.compiled(entry).module) this.await(this.graph.import(entry));
      else this.accept(this.loadEntry());
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {Promise<unknown>} exported */
  await(exported) {
    this.pending = exported
      .then((value) => this.accept(value))
      .catch((error) => this.fail(error))
      .then(() => {
        this.pending = null;
      });
  }

  /** @param {unknown} exported */
  accept(exported) {
    const handler = handlerOf(exported);
    if (handler.model === MODEL.FETCH) prepare();
    this.handler = handler;
  }

  /** @param {unknown} error */
  fail(error) {
    this.error = error;
    this.failure = uncompiled(error);
  }

  /** The text of the entry file. */
  get script() {
    return this.sources.text(this.deployment.entry);
  }

  /**
   * @param {string} text
   * @param {string} name  for stacks
   * @returns {any} what it exports, or a promise of it
   */
  loadText(text, name) {
    const compiled = compile({ name, text, hooks: this.hooks });
    if (compiled.module) {
      this.units.set(name, compiled);
      return this.graph.import(name);
    }
    const unit = this.create(name);
    return this.execute(unit, /** @type {Function} */ (compiled.body)) || unit.exports;
  }

  loadEntry() {
    const unit = this.create(this.deployment.entry);
    // A top-level `return f` is as good as `module.exports = f`.
    return this.run(unit) || unit.exports;
  }

  /**
   * @param {string} name
   * @returns {Compiled | {module: null}} without a body: it is data
   */
  compiled(name) {
    if (name.endsWith(".json")) return { module: null };
    let unit = this.units.get(name);
    if (unit === undefined) {
      unit = compile({ name, text: this.sources.text(name), hooks: this.hooks });
      this.units.set(name, unit);
    }
    return unit;
  }

  /** What code sees of its webtask while it loads. */
  facts() {
    const { secrets, meta, params } = this.deployment;
    return { secrets, meta, params, storage: new Storage(this.deployment) };
  }

  /**
   * @param {string} name
   * @returns {any}
   */
  create(name) {
    const unit = /** @type {any} */ (new Module(name));
    unit.filename = name;
    unit.paths = [];
    unit.webtask = this.facts();
    unit.require = (/** @type {unknown} */ request) => this.require(name, request);
    this.modules.set(name, unit);
    return unit;
  }

  /**
   * @param {any} unit
   * @returns {unknown} what a top-level `return` gave
   */
  run(unit) {
    const name = /** @type {string} */ (unit.filename);
    if (name.endsWith(".json")) {
      unit.exports = this.parseFile(name);
      unit.loaded = true;
      return undefined;
    }
    const body = /** @type {Function} */ (/** @type {Compiled} */ (this.compiled(name)).body);
    const result = this.execute(unit, body);
    unit.loaded = true;
    return result;
  }

  /**
   * @param {any} unit
   * @param {Function} body
   * @returns {unknown}
   */
  execute(unit, body) {
    const { filename, exports, require } = unit;
    require.resolve = (/** @type {string} */ request) => this.resolve(filename, request);
    require.main = process.mainModule;
    require.cache = { __proto__: null };
    return body.call(exports, exports, require, unit, filename, posix.dirname(filename));
  }

  /**
   * @param {string} name
   * @returns {unknown}
   */
  parseFile(name) {
    try {
      return parse(this.sources.text(name));
    } catch (error) {
      const reason = /** @type {Error} */ (error);
      reason.message = `${name}: ${reason.message}`;
      throw reason;
    }
  }

  /**
   * @param {string} from  the file that requires
   * @param {unknown} request
   * @returns {unknown}
   */
  require(from, request) {
    if (typeof request !== "string" || request === "") {
      throw new TypeError(`require() takes the name of a module; ${from} gave ${String(request)}.`);
    }
    if (isRelative(request)) return this.requireName(this.sources.find(from, request));
    return this.packages.require(request, from);
  }

  /**
   * @param {string} name  of a file
   * @returns {unknown}
   */
  requireName(name) {
    const known = this.modules.get(name);
    if (known !== undefined) return known.exports;
    if (this.compiled(name).module) return this.graph.require(name);
    const found = this.create(name);
    try {
      this.run(found);
    } catch (error) {
      this.modules.delete(name);
      throw error;
    }
    return found.exports;
  }

  /**
   * @param {string} from
   * @param {string} request
   * @returns {string}
   */
  resolve(from, request) {
    return isRelative(request) ? this.sources.find(from, request) : this.packages.resolve(request, from);
  }

  /**
   * `import()`
   *
   * @param {string} request
   * @param {string} from
   * @returns {Promise<object>}
   */
  async import(request, from) {
    if (isRelative(request)) return this.graph.import(this.sources.find(from, request));
    return this.packages.import(request, from);
  }

  /**
   * @param {any} meta  the `import.meta` of a file
   * @param {string} name
   */
  describe(meta, name) {
    meta.filename = name;
    meta.dirname = posix.dirname(name);
    meta.url = pathToFileURL(`/${name}`).href;
    meta.main = name === this.deployment.entry;
    meta.resolve = (/** @type {string} */ request) => this.resolve(name, request);
    meta.webtask = this.facts();
  }
}

exports.Program = Program;
