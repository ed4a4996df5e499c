"use strict";

// Modules of the original platform that npm no longer has, under their old names.

const { asyncFunction } = require("./async-function");
const { auth0 } = require("./auth0");
const { bearer } = require("./bearer-auth");
const { cron } = require("./cron-auth");
const { jwt } = require("./jwt");
const { createCompiler } = require("./middleware-compiler");
const { optionalCompiler } = require("./optional-compiler");

/** @typedef {import('../compilers').Compiled} Compiled */
/**
 * The program that requires one of them.
 *
 * @typedef {object} Host
 * @property {(spec: string, done: Compiled) => void} find  a module, one of its exports, or code by its URL
 */
/** @typedef {(request: any, response: any, next: (error?: unknown) => void) => unknown} Middleware */

/** @type {Record<string, (host: Host) => unknown>} */
const MODULES = {
  __proto__: /** @type {any} */ (null),
  "middleware-compiler": createCompiler,
  "async-function-middleware": () => asyncFunction,
  "auth0-auth-middleware": () => auth0,
  "bearer-auth-middleware": () => bearer,
  "cron-auth-middleware": () => cron,
  "jwt-middleware": () => jwt,
  "optional-compiler": () => optionalCompiler,
  "optional-compiler-middleware": () => optionalCompiler,
};

/**
 * @param {string} request  with or without scope and version
 * @param {Host} host
 * @returns {unknown} undefined when there is none of this name
 */
function findBuiltIn(request, host) {
  const name = /^(?:@webtask\/)?([a-z0-9-]+)(?:@[^/]*)?$/.exec(request)?.[1] ?? "";
  return MODULES[name]?.(host);
}

exports.findBuiltIn = findBuiltIn;
