"use strict";

// What code may require beside its own files: today only Node's own modules and files of the worker's disk.

const Module = require("node:module");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const { assign } = require("./primordials");

const { isAbsolute } = path.posix;
const { createRequire, isBuiltin } = Module;
const requireGenuine = createRequire(__filename);

/** @typedef {import('./loader').Deployment} Deployment */
/**
 * `from` is the file that asks, as the deployment names it, for the error's text. Each throws an error with the
 * code MODULE_NOT_FOUND when there is no such module. `request` is never relative.
 *
 * @typedef {object} Resolver
 * @property {(request: string, from: string) => unknown} require
 * @property {(request: string, from: string) => string} resolve  a path, or the name of a module of Node's
 * @property {(request: string, from: string) => Promise<object>} import  as `import()` finds it; the namespace
 */

/**
 * @param {string} message
 * @returns {Error}
 */
function notFound(message) {
  return assign(new Error(message), { code: "MODULE_NOT_FOUND" });
}

/**
 * @param {string} request
 * @param {string} from
 * @returns {string}
 */
function known(request, from) {
  if (isBuiltin(request) || isAbsolute(request)) return request;
  throw notFound(
    `Cannot find module '${request}'. ${from} requires it, but it is not installed for this webtask.`,
  );
}

/**
 * @param {Deployment} _deployment
 * @returns {Resolver}
 */
function resolverFor(_deployment) {
  return {
    require: (request, from) => requireGenuine(known(request, from)),
    resolve: (request, from) => requireGenuine.resolve(known(request, from)),
    import(request, from) {
      const found = known(request, from);
      return import(isAbsolute(found) ? pathToFileURL(found).href : found);
    },
  };
}

exports.notFound = notFound;
exports.resolverFor = resolverFor;
