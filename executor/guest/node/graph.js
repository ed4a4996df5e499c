"use strict";

// The ES modules of a deployment: each file one module, linked with what it imports.

const vm = require("node:vm");

const { assign, createTable, keys } = require("./primordials");
const { isRelative } = require("./sources");

const { SyntheticModule } = /** @type {any} */ (vm);

/** @typedef {import('./loader').Program} Program */
/** @typedef {import('./compile').SourceModule} SourceModule */
/** @typedef {any} LinkedModule  vm.Module */

/**
 * A module whose exports are known beforehand.
 *
 * @param {string} name
 * @param {Record<string, unknown>} exported
 * @returns {LinkedModule}
 */
function ready(name, exported) {
  const names = keys(exported);
  return new SyntheticModule(
    names,
    /** @this {any} */ function () {
      for (const each of names) this.setExport(each, exported[each]);
    },
    { identifier: name },
  );
}

/**
 * What `import` sees of a CommonJS module: all of it as the default, its properties by name.
 *
 * @param {any} value
 * @returns {Record<string, unknown>}
 */
function namespaceOf(value) {
  const holder = typeof value === "object" || typeof value === "function" ? value : null;
  return { ...holder, default: value };
}

class Graph {
  /** @param {Program} program */
  constructor(program) {
    this.program = program;
    /** @type {Map<string, LinkedModule>} files that became modules */
    this.files = createTable();
    /** @type {Map<string, LinkedModule>} what is not among the deployment's files */
    this.others = createTable();
    /** @type {Map<SourceModule, true>} */
    this.linked = createTable();
  }

  /**
   * @param {string} name  of a file
   * @returns {Promise<any>} its namespace
   */
  async import(name) {
    /** @type {Map<string, string>} */
    const wanted = createTable();
    this.survey(name, wanted, createTable());
    for (const [request, from] of wanted) {
      if (this.others.get(request) === undefined)
        this.others.set(request, ready(request, { ...(await this.program.packages.import(request, from)) }));
    }
    const module = this.link(name);
    await module.evaluate();
    return module.namespace;
  }

  /**
   * `require()` of an ES module.
   *
   * @param {string} name
   * @returns {any} its namespace
   */
  require(name) {
    const module = this.link(name);
    // It rejects with what is thrown below.
    module.evaluate().catch(() => {});
    if (module.status === "errored") throw module.error;
    if (module.status === "evaluated" && !module.hasAsyncGraph?.()) return module.namespace;
    throw assign(new Error(`require() cannot wait for ${name}: it has a top-level await. Use import().`), {
      code: "ERR_REQUIRE_ASYNC_MODULE",
    });
  }

  /**
   * Finds what a module and those it imports want of others.
   *
   * @param {string} name
   * @param {Map<string, string>} wanted  a request, and the file that made it
   * @param {Map<string, true>} seen
   */
  survey(name, wanted, seen) {
    if (seen.get(name)) return;
    seen.set(name, true);
    const { module } = this.program.compiled(name);
    if (!module) return;
    for (const { specifier } of module.moduleRequests) {
      if (isRelative(specifier)) this.survey(this.program.sources.find(name, specifier), wanted, seen);
      else wanted.set(specifier, name);
    }
  }

  /**
   * @param {string} name
   * @returns {LinkedModule} ready to be evaluated
   */
  link(name) {
    const module = this.fileOf(name);
    if (module.status === "unlinked") {
      if (module.linkRequests === undefined) module.link();
      else this.linkAll(module, name);
      module.instantiate?.();
    }
    return module;
  }

  /**
   * @param {SourceModule} module
   * @param {string} name
   */
  linkAll(module, name) {
    if (this.linked.get(module)) return;
    this.linked.set(module, true);
    const targets = [];
    for (const { specifier } of module.moduleRequests) {
      if (!isRelative(specifier)) {
        targets.push(this.otherOf(specifier, name));
        continue;
      }
      const file = this.program.sources.find(name, specifier);
      const target = this.fileOf(file);
      if (target.linkRequests !== undefined) this.linkAll(target, file);
      targets.push(target);
    }
    module.linkRequests(targets);
  }

  /**
   * @param {string} name
   * @returns {LinkedModule}
   */
  fileOf(name) {
    const known = this.files.get(name);
    if (known !== undefined) return known;
    const { module } = this.program.compiled(name);
    const made = module ?? ready(name, namespaceOf(this.program.requireName(name)));
    this.files.set(name, made);
    return made;
  }

  /**
   * @param {string} request
   * @param {string} from
   * @returns {LinkedModule}
   */
  otherOf(request, from) {
    const known = this.others.get(request);
    if (known !== undefined) return known;
    const made = ready(request, namespaceOf(this.program.packages.require(request, from)));
    this.others.set(request, made);
    return made;
  }
}

exports.Graph = Graph;
