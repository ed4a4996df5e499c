"use strict";

// `console` of user code, made to write log lines with Node's own formatting.

const { Console } = require("node:console");

const { log } = require("./log");

/** @typedef {import('./log').Level} Level */

/** The methods whose level is not that of the stream Node would print them on. */
const LEVELS = /** @type {const} */ ({ debug: "debug", trace: "debug", warn: "warn" });

function installConsole() {
  /** @type {Level | null} */
  let forced = null;
  const sink = (/** @type {Level} */ level) => ({
    write(/** @type {string} */ text) {
      log(forced ?? level, text.endsWith("\n") ? text.slice(0, -1) : text);
    },
  });
  const ours = /** @type {any} */ (
    new Console({
      stdout: /** @type {any} */ (sink("info")),
      stderr: /** @type {any} */ (sink("error")),
      ignoreErrors: false,
      colorMode: false,
    })
  );
  const target = /** @type {any} */ (console);
  // The object stays the same one: `require('console')` and code that already holds it see the change.
  for (const name of Object.keys(ours)) if (typeof ours[name] === "function") target[name] = ours[name];
  for (const [name, level] of Object.entries(LEVELS)) {
    const print = ours[name];
    target[name] = (/** @type {unknown[]} */ ...values) => {
      const before = forced;
      forced = level;
      try {
        print(...values);
      } finally {
        forced = before;
      }
    };
  }
}

/** What the guest itself does, on behalf of code that did not ask for it. */
const OWN = /^(VM Modules|stripTypeScriptTypes) is an experimental feature/;

/** Node prints warnings on fd 2, where no invocation is known. */
function installWarnings() {
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name === "ExperimentalWarning" && OWN.test(warning.message)) return;
    if (warning.name === "DeprecationWarning" && process.noDeprecation) return;
    log("warn", `${warning.name}: ${warning.message}`);
  });
}

function install() {
  installConsole();
  installWarnings();
}

exports.install = install;
