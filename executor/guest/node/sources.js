"use strict";

// The files of a deployment as they were sent: which one a request means, and its text.

const path = require("node:path");

const { notFound } = require("./modules");
const { hasOwn, keys } = require("./primordials");

const { posix } = path;
const MAY_OMIT = [
  "",
  ".js",
  ".cjs",
  ".mjs",
  ".ts",
  ".mts",
  ".cts",
  ".json",
  "/index.js",
  "/index.ts",
  "/index.json",
];

/** @param {string} request */
const isRelative = (request) => /^\.\.?(\/|$)/.test(request);

class Sources {
  /** @param {Record<string, string>} files */
  constructor(files) {
    this.files = files;
  }

  /**
   * @param {string} name
   * @returns {string} without a byte order mark
   */
  text(name) {
    const text = this.files[name];
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  /** @param {string} entry */
  check(entry) {
    if (!hasOwn(this.files, entry))
      throw notFound(`Cannot find the entry file '${entry}' (files: ${this.list()})`);
  }

  /**
   * @param {string} from  the file that asks
   * @param {string} request  relative to it
   * @returns {string} the name of the file it means
   */
  find(from, request) {
    const wanted = posix.join(posix.dirname(from), request).replace(/\/$/, "");
    const ending = MAY_OMIT.find((end) => hasOwn(this.files, wanted + end));
    if (ending !== undefined) return wanted + ending;
    throw notFound(`Cannot find module '${request}' from ${from}. This webtask has ${this.list()}.`);
  }

  list() {
    return keys(this.files).join(", ");
  }
}

exports.Sources = Sources;
exports.isRelative = isRelative;
