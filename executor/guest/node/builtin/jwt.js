"use strict";

const { credentialOf, denial } = require("./denial");
const { KeySet } = require("./keys");
const { verify } = require("./verify");

/** @typedef {import('.').Middleware} Middleware */

/**
 * @param {any} claims
 * @param {any} request
 */
function mayExecute(claims, request) {
  const scopes = Array.isArray(claims.scope) ? claims.scope : String(claims.scope ?? "").split(" ");
  const own = request.webtaskContext.meta["wt-execution-scope"];
  const allowing = ["wt:admin", `wt:owner:${request.x_wt.container}`, ...(own ? [own] : [])];
  return allowing.some((scope) => scopes.includes(scope));
}

/**
 * @param {any} request
 * @param {KeySet} keys
 */
async function authorize(request, keys) {
  const { meta } = request.webtaskContext;
  const token = credentialOf(request);
  const expected = {
    algorithm: "RS256",
    issuer: meta["wt-execution-iss"],
    audience: meta["wt-execution-aud"],
    key: (/** @type {string} */ id) => keys.find(id),
  };
  const claims = token === "" ? null : await verify(token, expected);
  if (claims === null) throw denial(401, "UnauthorizedError");
  request.user = claims;
  if (!mayExecute(claims, request)) throw denial(403, "UnauthorizedError");
}

/**
 * Asks for an access token where the metadata `wt-authorize-execution` says so.
 *
 * @returns {Middleware}
 */
function jwt() {
  /** @type {KeySet | undefined} */
  let keys;
  return (request, _response, next) => {
    const { meta } = request.webtaskContext;
    const asked = meta["wt-authorize-execution"];
    if (!asked || asked === "0") return next();
    const issuer = String(meta["wt-execution-iss"] ?? "");
    // The original asked the issuer's own URL.
    keys ??= new KeySet([`${issuer.replace(/\/$/, "")}/.well-known/jwks.json`, issuer]);
    return authorize(request, keys).then(() => next(), next);
  };
}

exports.jwt = jwt;
