"use strict";

// What comes after the last middleware: the webtask's own code, in whichever programming model.

const querystring = require("node:querystring");

const BODYLESS = ["GET", "HEAD", "OPTIONS"];

/** @typedef {(error: unknown) => void} Fail */

/**
 * @param {any} request
 * @returns {Promise<Buffer>}
 */
async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * @param {any} request
 * @returns {Promise<unknown>} parsed where its type is known, else the bytes
 */
async function parse(request) {
  const bytes = await read(request);
  const type = String(request.headers["content-type"] ?? "")
    .split(";", 1)[0]
    .trim()
    .toLowerCase();
  if (type === "application/x-www-form-urlencoded") return { ...querystring.parse(bytes.toString()) };
  if (bytes.length === 0) return null;
  return /^application\/(.+\+)?json$/.test(type) ? JSON.parse(bytes.toString()) : bytes;
}

/**
 * @param {any} response
 * @param {unknown} data
 */
function answer(response, data) {
  const json = JSON.stringify(data);
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end(json);
}

/**
 * @param {Function} main  of fewer than three parameters
 * @param {any} context
 * @param {{response: any, fail: Fail}} out
 */
function call(main, context, { response, fail }) {
  let used = false;
  const done = (/** @type {unknown} */ error, /** @type {unknown} */ data) => {
    if (used) return;
    used = true;
    if (error) return fail(error);
    try {
      return answer(response, data);
    } catch (thrown) {
      return fail(thrown);
    }
  };
  const result = main.length === 2 ? main(context, done) : main(done);
  if (typeof result?.then !== "function") return;
  result.then((/** @type {unknown} */ data) => data !== undefined && done(null, data), done);
}

/**
 * @param {import('./middleware-compiler').Debug} debug
 * @returns {(request: any, response: any, fail: Fail) => void}
 */
function createRunner(debug) {
  /** @type {(main: Function, request: any, response: any, fail: Fail) => Promise<void>} */
  const start = async (main, request, response, fail) => {
    const context = request.webtaskContext;
    delete context.compiler;
    if (main.length === 3) {
      main(context, request, response);
      return;
    }
    if (!context.body && !BODYLESS.includes(request.method)) context.body = await parse(request);
    call(main, context, { response, fail });
  };
  return (request, response, fail) => {
    const { nodejsCompiler, script } = request.webtaskContext.compiler;
    nodejsCompiler(script, (/** @type {unknown} */ error, /** @type {any} */ main) => {
      if (error) return fail(error);
      if (typeof main !== "function" || main.length > 3)
        return fail(new Error("The code must export a function of at most three parameters."));
      debug("Calling the webtask, a function of %d parameters", main.length);
      return start(main, request, response, fail).catch(fail);
    });
  };
}

exports.createRunner = createRunner;
