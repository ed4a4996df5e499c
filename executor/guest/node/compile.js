"use strict";

// From text to something that can run: CommonJS or an ES module, of JavaScript or of TypeScript whose types are
// taken out. The name decides where it says so (.mjs, .cts …), else the syntax does, as with Node itself.

const { stripTypeScriptTypes } = require("node:module");
const vm = require("node:vm");

const { read } = require("./errors");
const { isError } = require("./primordials");

const { compileFunction } = vm;
// Of a flag that the worker is started with; the published types know it only from a later version on.
const { SourceTextModule } = /** @type {any} */ (vm);

const PARAMETERS = ["exports", "require", "module", "__filename", "__dirname"];
const MODULE_ONLY = [
  "Cannot use import statement outside a module",
  "Unexpected token 'export'",
  "Cannot use 'import.meta' outside a module",
];

const STATEMENT = /(?:^|[;}\s])(?:export\s*[\w{*]|import\s*[\w{*"'])/;
const WRAP = "function _(){";

/** @typedef {any} SourceModule  vm.SourceTextModule */
/** @typedef {{body: Function, module: null} | {body: null, module: SourceModule}} Compiled */
/**
 * @typedef {object} Hooks
 * @property {(meta: any, name: string) => void} describe  fills `import.meta`
 * @property {(request: string, from: string) => Promise<object>} import  what `import()` does
 */
/** @typedef {{name: string, text: string, hooks: Hooks}} Unit */

/** @param {Unit} unit */
const dynamically =
  ({ name, hooks }) =>
  (/** @type {string} */ request) =>
    hooks.import(request, name);

/**
 * @param {Unit} unit
 * @returns {Compiled}
 */
function commonJs(unit) {
  const options = { filename: unit.name, importModuleDynamically: dynamically(unit) };
  const body = compileFunction(unit.text, PARAMETERS, /** @type {any} */ (options));
  return { body, module: null };
}

/**
 * @param {Unit} unit
 * @returns {Compiled}
 */
function esModule(unit) {
  const module = new SourceTextModule(unit.text, {
    identifier: unit.name,
    importModuleDynamically: dynamically(unit),
    initializeImportMeta: (/** @type {any} */ meta) => unit.hooks.describe(meta, unit.name),
  });
  return { body: null, module };
}

/**
 * Whether text that is no CommonJS, because of `error`, may be an ES module.
 *
 * @param {unknown} error
 * @param {string} text
 * @returns {boolean}
 */
function hints(error, text) {
  const message = isError(error) ? read(error, "message") : "";
  // Others, such as an `await` of the top level, are found first where an `export` comes later.
  return MODULE_ONLY.includes(message) || STATEMENT.test(text);
}

/**
 * @param {Unit} unit
 * @returns {Compiled}
 */
function bySyntax(unit) {
  try {
    return commonJs(unit);
  } catch (error) {
    if (!hints(error, unit.text)) throw error;
    const tried = attempt(() => esModule(unit));
    if (tried.value !== undefined) return tried.value;
    // Of two errors the one that is not about being a module tells more.
    throw MODULE_ONLY.includes(/** @type {Error} */ (error).message) ? tried.error : error;
  }
}

/**
 * @template T
 * @param {() => T} work
 * @returns {{value?: T, error?: unknown}}
 */
function attempt(work) {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

/**
 * @param {string} text
 * @param {string} name
 * @returns {string} of the same length, blanks where types were
 */
function strip(text, name) {
  try {
    return stripTypeScriptTypes(text);
  } catch (error) {
    // To TypeScript a `return` of the top level is wrong.
    const inside = attempt(() => stripTypeScriptTypes(`${WRAP}${text}\n}`));
    if (inside.value !== undefined) return inside.value.slice(WRAP.length, -2);
    const stack = String(read(error, "stack"));
    // Node knows no file here: its excerpt of the source begins with ":3".
    if (stack.startsWith(":")) /** @type {Error} */ (error).stack = name + stack;
    throw error;
  }
}

/**
 * An error about the syntax of an ES module does not say where: what strips types does.
 *
 * @param {unknown} error
 * @param {unknown} located
 */
function locate(error, located) {
  const excerpt = /^\S+:\d+\n.*\n.*\n/.exec(String(read(located, "stack")));
  const stack = read(error, "stack");
  if (isError(error) && excerpt !== null && String(stack).startsWith("SyntaxError"))
    /** @type {Error} */ (error).stack = `${excerpt[0]}\n${stack}`;
}

/**
 * @param {Unit} unit
 * @returns {Compiled}
 */
function compileByName(unit) {
  const { name } = unit;
  const typed = /\.[mc]?ts$/.test(name) ? { ...unit, text: strip(unit.text, name) } : unit;
  if (/\.c[jt]s$/.test(name)) return commonJs(typed);
  if (/\.m[jt]s$/.test(name)) return esModule(typed);
  return bySyntax(typed);
}

/**
 * @param {Unit} unit
 * @returns {Compiled}
 */
function compile(unit) {
  const tried = attempt(() => compileByName(unit));
  if (tried.value !== undefined) return tried.value;
  if (!unit.name.endsWith(".js")) throw tried.error;
  // The published clients send code without a file's name: what is no JavaScript may be TypeScript. Node's own
  // --eval tries in this order, too.
  const again = attempt(() => bySyntax({ ...unit, text: strip(unit.text, unit.name) }));
  if (again.value !== undefined) return again.value;
  if (read(again.error, "code") === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") throw again.error;
  locate(tried.error, again.error);
  throw tried.error;
}

exports.compile = compile;
