"use strict";

// What code may require by name: what is installed, and what is built in under names that npm no longer has.

const { read } = require("./errors");

/** @typedef {import('./modules').Resolver} Resolver */
/** @typedef {import('./builtin').Host} Host */

/**
 * @param {Resolver} resolver
 * @param {Host} host
 * @returns {Resolver}
 */
function packagesFor(resolver, host) {
  /** @type {(request: string, error: unknown) => unknown} */
  const instead = (request, error) => {
    if (read(error, "code") !== "MODULE_NOT_FOUND") throw error;
    // Few webtasks need them: a blank worker holds none.
    const builtIn = require("./builtin").findBuiltIn(request, host);
    if (builtIn === undefined) throw error;
    return builtIn;
  };
  return {
    get versions() {
      return resolver.versions;
    },
    require(request, from) {
      try {
        return resolver.require(request, from);
      } catch (error) {
        return instead(request, error);
      }
    },
    resolve(request, from) {
      try {
        return resolver.resolve(request, from);
      } catch (error) {
        instead(request, error);
        return request;
      }
    },
    async import(request, from) {
      try {
        return await resolver.import(request, from);
      } catch (error) {
        return { default: instead(request, error) };
      }
    },
  };
}

exports.packagesFor = packagesFor;
