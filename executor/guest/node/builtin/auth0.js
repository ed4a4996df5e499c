"use strict";

const { credentialOf, denial } = require("./denial");
const { KeySet } = require("./keys");
const { verify } = require("./verify");

/** @typedef {import('./verify').Expected} Expected */

/**
 * @param {Record<string, string>} secrets
 * @returns {Expected}
 */
function expectedBy(secrets) {
  const { AUTH0_DOMAIN: domain, AUTH0_AUDIENCE: audience, AUTH0_API_SECRET: secret } = secrets;
  const algorithm = secrets.AUTH0_ALGORITHM || "RS256";
  if (!audience) throw new Error("The secret AUTH0_AUDIENCE is required");
  if (!domain) throw new Error("The secret AUTH0_DOMAIN is required");
  if (/^http:/i.test(domain)) throw new Error("The secret AUTH0_DOMAIN must be an https URL");
  const issuer = `https://${domain.replace(/^https:\/\//i, "").replace(/\/.*$/, "")}/`;
  if (algorithm === "HS256") {
    if (!secret) throw new Error("The secret AUTH0_API_SECRET is required for HS256");
    return { algorithm, issuer, audience, key: async () => secret };
  }
  if (algorithm !== "RS256") throw new Error("The secret AUTH0_ALGORITHM must be RS256 or HS256");
  const keys = new KeySet([`${issuer}.well-known/jwks.json`]);
  return { algorithm, issuer, audience, key: (id) => keys.find(id) };
}

/**
 * Lets in who has an access token of the Auth0 tenant that the secrets name.
 *
 * @returns {import('.').Middleware}
 */
function auth0() {
  /** @type {Expected | undefined} */
  let expected;
  return (request, _response, next) => {
    expected ??= expectedBy(request.webtaskContext.secrets);
    return verify(credentialOf(request), expected).then((claims) => {
      request.user = claims;
      return claims === null ? next(denial(401, "UnauthorizedError")) : next();
    }, next);
  };
}

exports.auth0 = auth0;
