"use strict";

const { timingSafeEqual, createHash } = require("node:crypto");

/**
 * An error by which middleware refuses a request.
 *
 * @param {number} statusCode
 * @param {string} message
 * @returns {Error}
 */
function denial(statusCode, message) {
  return Object.assign(new Error(message), { statusCode });
}

/**
 * @param {any} request
 * @returns {string} the bearer credential, or ""
 */
function credentialOf(request) {
  const header = String(request.headers.authorization ?? "").trim();
  return /^bearer\s+(.+)$/i.exec(header)?.[1] ?? "";
}

/**
 * Takes as long whatever differs.
 *
 * @param {string} one
 * @param {string} other
 */
function same(one, other) {
  const digest = (/** @type {string} */ text) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

exports.credentialOf = credentialOf;
exports.denial = denial;
exports.same = same;
