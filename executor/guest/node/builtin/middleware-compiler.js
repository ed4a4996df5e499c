"use strict";

// Calls middleware, one after the other, before the webtask itself (meta `wt-middleware`).

const { createRunner } = require("./runner");

const PASSED_ON = ["code", "errno", "error", "error_description", "data"];

/** @typedef {import('.').Host} Host */
/** @typedef {import('.').Middleware} Middleware */
/** @typedef {(text: string, ...values: unknown[]) => void} Debug */
/** @typedef {{meta: Record<string, string>, script: string, nodejsCompiler: import('../compilers').NodejsCompiler}} Options */

/**
 * @param {string} text  a JSON list, or names between commas
 * @returns {string[]}
 */
function specsOf(text) {
  let specs;
  try {
    specs = JSON.parse(text);
  } catch {
    specs = text.split(",");
  }
  if (!Array.isArray(specs)) throw new Error("The metadata wt-middleware is JSON, but no list.");
  return specs.map((spec) => String(spec).trim()).filter(Boolean);
}

/**
 * @param {unknown} middleware
 * @returns {Middleware}
 */
function validate(middleware) {
  if (typeof middleware === "function" && middleware.length === 3)
    return /** @type {Middleware} */ (middleware);
  throw new Error("A middleware's factory must return a function (req, res, next).");
}

/**
 * @param {any} given
 * @param {any} response
 * @param {Debug} debug
 */
function respondWithError(given, response, debug) {
  const error = given instanceof Error ? given : new Error(given?.message || String(given));
  const asked = Number(/** @type {any} */ (error).statusCode);
  const statusCode = Number.isInteger(asked) && asked >= 200 && asked <= 599 ? asked : 500;
  /** @type {Record<string, unknown>} */
  const body = { message: error.message, statusCode };
  if (statusCode === 500) {
    // What went wrong is for the log alone.
    debug("Answering 500 after: %s", error.stack || error);
    body.message = "Server error";
  } else {
    for (const key of PASSED_ON) {
      const value = /** @type {any} */ (error)[key];
      if (value) body[key] = value;
    }
  }
  let json;
  try {
    json = JSON.stringify(body);
  } catch {
    json = JSON.stringify({ message: error.message, statusCode });
  }
  response.writeHead(statusCode, { "Content-Type": "application/json" });
  response.end(json);
}

/** One webtask's middleware, each found when it is first called. */
class Pipeline {
  /**
   * @param {Host} host
   * @param {Options} options
   * @param {Debug} debug
   */
  constructor(host, { meta, script, nodejsCompiler }, debug) {
    this.host = host;
    this.script = script;
    this.nodejsCompiler = nodejsCompiler;
    this.debug = debug;
    this.specs = specsOf(meta["wt-middleware"] || "[]");
    /** @type {(Middleware | undefined)[]} */
    this.found = [];
    this.runner = createRunner(debug);
  }

  /**
   * @param {any} context
   * @param {any} request
   * @param {any} response
   */
  run(context, request, response) {
    context.compiler = { nodejsCompiler: this.nodejsCompiler, script: this.script };
    request.webtaskContext = context;
    this.step(0, request, response);
  }

  /**
   * @param {number} index
   * @param {any} request
   * @param {any} response
   */
  step(index, request, response) {
    const fail = (/** @type {unknown} */ error) => respondWithError(error, response, this.debug);
    if (index === this.specs.length) {
      this.runner(request, response, fail);
      return;
    }
    const next = (/** @type {unknown} */ error) => {
      if (error) fail(error);
      else this.step(index + 1, request, response);
    };
    this.resolve(index, (error, middleware) => {
      if (error) return fail(error);
      this.debug("Calling middleware %d: %s", index, this.specs[index]);
      try {
        return middleware(request, response, next);
      } catch (thrown) {
        return fail(thrown);
      }
    });
  }

  /**
   * @param {number} index
   * @param {import('../compilers').Compiled} done
   */
  resolve(index, done) {
    const known = this.found[index];
    if (known !== undefined) {
      done(null, known);
      return;
    }
    this.host.find(this.specs[index], (error, factory) => {
      if (error) return done(error);
      let made;
      try {
        made = this.found[index] = validate(factory());
      } catch (thrown) {
        this.debug("Middleware %s cannot be made: %s", this.specs[index], thrown);
        return done(thrown);
      }
      return done(null, made);
    });
  }
}

/**
 * @param {Host} host
 * @returns {(options: Options, done: import('../compilers').Compiled) => void}
 */
function createCompiler(host) {
  return (options, done) => {
    const wanted = String(options.meta["wt-debug"] ?? "").split(",");
    const debug = wanted.includes("wt-middleware") ? console.log.bind(console) : () => {};
    let pipeline;
    try {
      pipeline = new Pipeline(host, options, debug);
    } catch (error) {
      done(error);
      return;
    }
    const made = pipeline;
    done(null, (/** @type {any} */ context, /** @type {any} */ request, /** @type {any} */ response) =>
      made.run(context, request, response),
    );
  };
}

exports.createCompiler = createCompiler;
