"use strict";

const kOptional = Symbol("optional");

/**
 * Lets middleware put a function in place of `compiler.script`: compiling that is to take it as it is.
 *
 * @returns {import('.').Middleware}
 */
function optionalCompiler() {
  return (request, _response, next) => {
    const { compiler } = request.webtaskContext;
    if (!compiler[kOptional]) {
      const { nodejsCompiler } = compiler;
      compiler[kOptional] = true;
      /** @type {import('../compilers').NodejsCompiler} */
      compiler.nodejsCompiler = (script, done) =>
        typeof script === "function" ? done(null, script) : nodejsCompiler(script, done);
    }
    return next();
  };
}

exports.optionalCompiler = optionalCompiler;
