"use strict";

// Failures of user code in its log. Where the operating system refused something the executor is told the
// error's code: it knows the limits and adds to the line which one was reached.

const { describe, read, trace } = require("./errors");
const { log } = require("./log");
const { createTable, isError } = require("./primordials");

/** Codes behind which there is always a limit of the worker. @type {Map<string, true>} */
const LIMITED = createTable();
for (const code of ["EMFILE", "ENOSPC", "EFBIG", "ENOMEM", "ERR_WORKER_INIT_FAILED"]) LIMITED.set(code, true);

/** What V8 says when it cannot have the memory for one piece. */
const NO_MEMORY =
  /^(Array buffer allocation failed|Failed to allocate memory|WebAssembly\.Memory\(\): could not allocate memory)/;

/**
 * @param {unknown} error
 * @returns {string} "" when no limit is known to lie behind it
 */
function limitBehind(error) {
  if (!isError(error)) return "";
  const code = read(error, "code");
  if (typeof code === "string" && LIMITED.get(code)) return code;
  const message = read(error, "message");
  return typeof message === "string" && NO_MEMORY.test(message) ? "ENOMEM" : "";
}

/** @param {unknown} error  that nobody handled */
function report(error) {
  log("error", trace(error), limitBehind(error));
}

/**
 * An error that user code answers with is its own business, unless a limit lies behind it.
 *
 * @param {unknown} error
 */
function reportLimit(error) {
  const code = limitBehind(error);
  if (code !== "") log("warn", describe(error), code);
}

exports.report = report;
exports.reportLimit = reportLimit;
