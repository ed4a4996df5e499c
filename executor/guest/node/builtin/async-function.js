"use strict";

const { callbackify } = require("node:util");

const { optionalCompiler } = require("./optional-compiler");

/**
 * The programming model `async (ctx) => data`.
 *
 * @returns {import('.').Middleware}
 */
function asyncFunction() {
  const allowFunction = optionalCompiler();
  return (request, response, next) =>
    allowFunction(request, response, () => {
      const { compiler } = request.webtaskContext;
      compiler.nodejsCompiler(compiler.script, (/** @type {unknown} */ error, /** @type {any} */ main) => {
        if (error) return next(error);
        const called = /** @type {any} */ (
          callbackify(async (/** @type {unknown} */ context) => main(context))
        );
        compiler.script = (/** @type {unknown} */ context, /** @type {unknown} */ done) =>
          called(context, done);
        return next();
      });
    });
}

exports.asyncFunction = asyncFunction;
