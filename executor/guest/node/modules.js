"use strict";

// What code may require beside its own files: Node's own modules, the packages of its deployment, and then those that
// are here for everybody. Each set of packages is a directory that nobody can list, called by its digest.

const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const { assign, hasOwn, parse } = require("./primordials");

const { dirname, isAbsolute } = path.posix;
const { isBuiltin } = Module;
const { readFileSync } = fs;
const requireGenuine = Module.createRequire(__filename);
const resolveGenuine = /** @type {any} */ (Module)._resolveFilename;

const PLATFORM = process.env.VERQUIRE_DIR || "/modules/platform";
// Below it a set has the packages that code asks for with a version, under names that npm allows.
const VERSIONS = "@webtask-versions";
const REQUEST = /^((?:@[^/@]+\/)?[^/@]+)(?:@([^/]+))?(\/.*)?$/;
const ESM = new Set(["node", "import", "module-sync"]);

/** @typedef {import('./loader').Deployment} Deployment */
/**
 * `from` is the file that asks, as the deployment names it, for the error's text. Each throws an error with the
 * code MODULE_NOT_FOUND when there is no such module. `request` is never relative.
 *
 * @typedef {object} Resolver
 * @property {(request: string, from: string) => unknown} require
 * @property {(request: string, from: string) => string} resolve  a path, or the name of a module of Node's
 * @property {(request: string, from: string) => Promise<object>} import  as `import()` finds it; the namespace
 * @property {Record<string, string>} [versions]  of the packages it finds, by name
 */
/** @typedef {{name: string, version: string, rest: string}} Wanted  `version` is "" for any, `rest` a path in it */

/**
 * @param {string} message
 * @returns {Error}
 */
function notFound(message) {
  return assign(new Error(message), { code: "MODULE_NOT_FOUND" });
}

/**
 * The name below VERSIONS; console/modules/wanted.py says the same.
 *
 * @param {string} name
 * @param {string} version
 */
function alias(name, version) {
  const plain = (/** @type {string} */ text) =>
    text.replace(/[^a-z0-9.-]/g, (one) => `_${one.charCodeAt(0).toString(16)}_`);
  return `${VERSIONS}/${plain(name)}_${plain(version)}`;
}

/** One directory of packages. */
class Shelf {
  /**
   * @param {string} place
   * @param {Record<string, string>} versions  by the names that code may ask for
   */
  constructor(place, versions) {
    this.place = place;
    this.versions = versions;
    const [cjs, esm] = [new Module(`${place}/_.js`), new Module(`${place}/_.mjs`)];
    cjs.filename = esm.filename = `${place}/_.js`;
    cjs.paths = [`${place}/node_modules`];
    // Node remembers what it found by name and places: the second one makes it remember apart.
    esm.paths = [`${place}/node_modules`, "/"];
    this.cjs = cjs;
    this.esm = esm;
  }

  /**
   * @param {Wanted} wanted
   * @returns {string | null}  the name to look for in here
   */
  finds({ name, version, rest }) {
    if (version !== "" && hasOwn(this.versions, alias(name, version))) return alias(name, version) + rest;
    if (!hasOwn(this.versions, name)) return null;
    return version === "" || version === this.versions[name] ? name + rest : null;
  }

  /**
   * @param {string} request
   * @returns {string}
   */
  resolve(request) {
    try {
      return resolveGenuine(request, this.cjs, false);
    } catch (error) {
      // Many packages export nothing to require(), which can load them all the same.
      if (/** @type {any} */ (error).code !== "ERR_PACKAGE_PATH_NOT_EXPORTED") throw error;
      return this.resolveImport(request);
    }
  }

  /**
   * @param {string} request
   * @returns {string}
   */
  resolveImport(request) {
    return resolveGenuine(request, this.esm, false, { conditions: ESM });
  }
}

/** @returns {Shelf} what everybody has */
function platform() {
  /** @type {Record<string, string[]>} */
  let listed = {};
  try {
    listed = parse(readFileSync(`${PLATFORM}/packages.json`, "utf8"));
  } catch {
    // Not installed here.
  }
  /** @type {Record<string, string>} */
  const versions = {};
  for (const name of Object.keys(listed)) versions[name] = listed[name][0];
  return new Shelf(PLATFORM, versions);
}

/** @type {Shelf | undefined} */
let common;

/**
 * @param {string} digest
 * @returns {Shelf}
 */
function shelfOf(digest) {
  const place = `${dirname(PLATFORM)}/${digest}`;
  return new Shelf(place, parse(readFileSync(`${place}/versions.json`, "utf8")));
}

/**
 * @param {Deployment} deployment
 * @returns {Resolver}
 */
function resolverFor(deployment) {
  const digest = deployment.modules;
  /** @type {Shelf[] | undefined} */
  let shelves;

  function all() {
    common ??= platform();
    shelves ??= digest ? [shelfOf(digest), common] : [common];
    return shelves;
  }

  /**
   * @param {string} request
   * @param {string} from
   * @returns {[Shelf, string] | null}  null for what is Node's own, or a file
   */
  function find(request, from) {
    if (isBuiltin(request) || isAbsolute(request)) return null;
    const match = REQUEST.exec(request);
    if (match !== null) {
      const wanted = { name: match[1], version: match[2] ?? "", rest: match[3] ?? "" };
      for (const shelf of all()) {
        const found = shelf.finds(wanted);
        if (found !== null) return [shelf, found];
      }
    }
    throw notFound(
      `Cannot find module '${request}'. ${from} requires it, but it is not installed for this webtask.`,
    );
  }

  /**
   * @param {string} request
   * @param {string} from
   */
  function resolve(request, from) {
    const found = find(request, from);
    return found === null ? requireGenuine.resolve(request) : found[0].resolve(found[1]);
  }

  return {
    get versions() {
      return digest ? all()[0].versions : {};
    },
    require: (request, from) => requireGenuine(resolve(request, from)),
    resolve,
    import(request, from) {
      const found = find(request, from);
      const place = found === null ? request : found[0].resolveImport(found[1]);
      return import(isAbsolute(place) ? pathToFileURL(place).href : place);
    },
  };
}

exports.notFound = notFound;
exports.resolverFor = resolverFor;
