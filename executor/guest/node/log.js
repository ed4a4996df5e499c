"use strict";

// Lines for the log pipe: one JSON object each, with the invocation that was running.

const { current } = require("./invocation");
const { now, stringify, writeSync } = require("./primordials");

const LOG_FD = 4;
const MAX_TEXT = 16_384;
/** The executor hides secrets before it cuts a text, so it has to see a little more than is kept. */
const OVERLAP = 512;
const MAX_SENT = MAX_TEXT + OVERLAP;

/** @typedef {'debug' | 'info' | 'warn' | 'error'} Level */

/**
 * @param {Level} level
 * @param {string} text
 * @param {string} [code]  of an error that a limit may lie behind: the executor adds which
 */
function log(level, text, code = "") {
  const invocation = current()?.id ?? "";
  const cut = text.length > MAX_SENT;
  // A lone surrogate is legal here and an error in whatever stores the line as UTF-8.
  const sent = (cut ? text.slice(0, MAX_SENT) : text).toWellFormed();
  const end = (code === "" ? "" : `,"e":${stringify(code)}`) + (cut ? ',"x":1' : "");
  write(`{"t":${now()},"l":"${level}","i":${stringify(invocation)},"m":${stringify(sent)}${end}}\n`);
}

/**
 * No line of the log, but a word for the executor's record of the connection.
 *
 * @param {number} port
 * @param {string} invocation
 */
function connectionMade(port, invocation) {
  write(`{"c":${port},"i":"${invocation}"}\n`);
}

/** @param {string} line */
function write(line) {
  try {
    writeSync(LOG_FD, line);
  } catch {
    // Nobody reads the pipe any more: the worker is about to end, and printing must not fail user code.
  }
}

exports.MAX_TEXT = MAX_TEXT;
exports.OVERLAP = OVERLAP;
exports.connectionMade = connectionMade;
exports.log = log;
