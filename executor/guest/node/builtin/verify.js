"use strict";

// JSON Web Tokens: signature, time, issuer, audience.

const { createHmac, createVerify, timingSafeEqual } = require("node:crypto");

/** @typedef {{algorithm: string, issuer: string, audience: string, key: (id: string) => Promise<any>}} Expected */

/** @param {string} text */
const decode = (text) => JSON.parse(Buffer.from(text, "base64url").toString());

/**
 * @param {string} algorithm
 * @param {any} key
 * @param {{signed: string, signature: Buffer}} token
 */
function signedBy(algorithm, key, { signed, signature }) {
  if (algorithm === "RS256") return createVerify("RSA-SHA256").update(signed).verify(key, signature);
  const own = createHmac("sha256", key).update(signed).digest();
  return own.length === signature.length && timingSafeEqual(own, signature);
}

/**
 * @param {any} claims
 * @param {Expected} expected
 */
function current(claims, { issuer, audience }) {
  const now = Date.now() / 1000;
  // An access token ends, and is for somebody: what is not asked for must not count as had.
  if (!issuer || !audience || !(now < claims.exp)) return false;
  if (claims.nbf !== undefined && !(now >= claims.nbf)) return false;
  return claims.iss === issuer && [claims.aud].flat().includes(audience);
}

/**
 * @param {string} token
 * @param {Expected} expected
 * @returns {Promise<any>} its claims, or null for a token that is not good
 */
async function verify(token, expected) {
  const [head, body, signature, ...rest] = token.split(".");
  if (!signature || rest.length > 0) return null;
  try {
    const header = decode(head);
    if (header.alg !== expected.algorithm) return null;
    const key = await expected.key(String(header.kid));
    const whole = { signed: `${head}.${body}`, signature: Buffer.from(signature, "base64url") };
    if (!key || !signedBy(expected.algorithm, key, whole)) return null;
    const claims = decode(body);
    return current(claims, expected) ? claims : null;
  } catch {
    return null;
  }
}

exports.verify = verify;
