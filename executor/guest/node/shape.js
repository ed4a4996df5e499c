"use strict";

// Which programming model an export follows.

const { types } = require("node:util");

const { isAsyncFunction } = types;
const SHAPES = "([ctx], callback) or (ctx, req, res)";

/** How a function is called, and what completes it. */
const MODEL = /** @type {const} */ ({
  /** `(cb)` */
  CALLBACK: 1,
  /** `(ctx, cb)` */
  CONTEXT: 2,
  /** `(ctx, req, res)` */
  RESPONSE: 3,
  /** `async () => …` */
  PROMISE: 4,
  /** `async (ctx) => …`, or `async (cb) => …`: its one argument is both */
  EITHER: 5,
  /** `{ fetch(request, env, ctx) }` */
  FETCH: 6,
});

/** @typedef {{model: typeof MODEL[keyof typeof MODEL], call: Function}} Handler */

/**
 * @param {any} exported
 * @returns {unknown} the default, of what an ES module or a compiler for them exports
 */
function defaultOf(exported) {
  const isModule =
    types.isModuleNamespaceObject(exported) || (typeof exported === "object" && exported?.__esModule);
  return isModule && exported.default !== undefined ? exported.default : exported;
}

/**
 * @param {unknown} exported
 * @returns {Handler}
 */
function handlerOf(exported) {
  const main = /** @type {any} */ (defaultOf(exported));
  if (typeof main === "object" && typeof main?.fetch === "function") {
    return { model: MODEL.FETCH, call: (/** @type {unknown[]} */ ...all) => main.fetch(...all) };
  }
  if (typeof main !== "function") throw new TypeError("Supplied code must return or export a function.");
  if (isAsyncFunction(main) && main.length < 2) {
    return { model: main.length === 0 ? MODEL.PROMISE : MODEL.EITHER, call: main };
  }
  if (main.length >= 1 && main.length <= 3) return { model: main.length, call: main };
  throw new TypeError(
    `The JavaScript function must have one of the following signatures: ${SHAPES}; it declares ${main.length} parameters.`,
  );
}

exports.MODEL = MODEL;
exports.defaultOf = defaultOf;
exports.handlerOf = handlerOf;
