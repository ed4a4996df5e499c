"use strict";

// `ctx.create_token` and `ctx.create_token_url`: webtask tokens made by code, under the token that the code runs by.

const { answering, call } = require("./calls");
const { parse, stringify } = require("./primordials");

/**
 * @param {string} wanted  "token" or "url" of the result
 * @returns {(claims: any, callback?: any) => Promise<string> | void}
 */
function creator(wanted) {
  return (claims, callback) => {
    if (callback !== undefined && typeof callback !== "function")
      throw new Error("Callback must be a function.");
    // The address of code alone is short for a token that stands for it.
    const body = stringify(typeof claims === "string" ? { url: claims } : claims);
    if (typeof claims !== "string" && (typeof claims !== "object" || claims === null))
      throw new Error("Claims must be an object, or the URL of code.");
    return answering(callback, (done) => {
      call({ what: "token.create" }, body, (error, _head, text) => {
        if (error) done(error);
        else done(null, parse(text)[wanted]);
      });
    });
  };
}

exports.createToken = creator("token");
exports.createTokenUrl = creator("url");
