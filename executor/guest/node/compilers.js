"use strict";

// Compilers: code of a webtask's choice that makes its function of its text (meta `wt-compiler`).

const { read } = require("./errors");
const { createTable, hasOwn } = require("./primordials");
const { defaultOf } = require("./shape");

const MAX_KEPT = 50;

/** @typedef {import('./loader').Program} Program */
/** @typedef {(error: unknown, exported?: any) => void} Compiled */
/** @typedef {(code: unknown, done: Compiled) => void} NodejsCompiler */

/**
 * "module", "@scope/module", with "/export" behind it.
 *
 * @param {string} spec
 * @returns {{module: string, name: string}}
 */
function parseSpec(spec) {
  const parts = /^((?:@[^/]+\/)?[^/]+)(?:\/([^/]+))?$/.exec(spec);
  if (parts === null)
    throw new Error(`'${spec}' is none of: a module, module/export, the URL of a module's code`);
  return { module: parts[1], name: parts[2] ?? "" };
}

/** @param {string} spec */
const isUrl = (spec) => /^https?:\/\//i.test(spec);

/** What a program's compilers and middleware are found and compiled by. */
class Toolchain {
  /** @param {Program} program */
  constructor(program) {
    this.program = program;
    /** @type {Map<string, any>} what texts export that were compiled before */
    this.kept = createTable();
    this.count = 0;
    /** @type {NodejsCompiler} */
    this.nodejsCompiler = (code, done) => this.compile(code, done);
  }

  /**
   * Calls back with what `code` exports; its arity is nobody's business here.
   *
   * @param {unknown} code
   * @param {Compiled} done
   */
  compile(code, done) {
    const text = String(code);
    let exported = this.kept.get(text);
    if (exported === undefined) {
      try {
        exported = this.load(text);
      } catch (error) {
        done(error);
        return;
      }
    }
    if (exported instanceof Promise) {
      exported.then(
        (value) => done(null, this.keep(text, defaultOf(value))),
        (error) => done(error),
      );
    } else done(null, this.keep(text, exported));
  }

  /**
   * @param {string} text
   * @param {any} exported
   */
  keep(text, exported) {
    // Middleware asks again at each request; compiled code is never unloaded.
    if (this.kept.size < MAX_KEPT) this.kept.set(text, exported);
    return exported;
  }

  /**
   * @param {string} text
   * @returns {any} what it exports, or a promise of it
   */
  load(text) {
    const { program } = this;
    const { entry } = program.deployment;
    this.count += 1;
    // Stacks show it where it came from.
    return program.loadText(text, text === program.script ? entry : `${entry}#${this.count}.js`);
  }

  /**
   * @param {string} spec
   * @param {Compiled} done
   */
  find(spec, done) {
    const { sources, packages, deployment } = this.program;
    if (isUrl(spec)) {
      if (!hasOwn(sources.files, spec)) done(new Error(`The code at ${spec} was not handed in.`));
      else this.compile(sources.text(spec), done);
      return;
    }
    let found;
    try {
      const { module, name } = parseSpec(spec);
      const exported = packages.require(module, deployment.entry);
      found = name === "" ? defaultOf(exported) : read(exported, name);
    } catch (error) {
      done(error);
      return;
    }
    done(null, found);
  }

  /**
   * @param {string} spec  the compiler's
   * @returns {Promise<unknown>} the function it made
   */
  use(spec) {
    const { secrets, meta, params } = this.program.deployment;
    return new Promise((resolve, reject) => {
      this.find(spec, (error, compiler) => {
        if (error) reject(error);
        else if (typeof compiler !== "function")
          reject(new TypeError(`The compiler '${spec}' is no function.`));
        else {
          const { nodejsCompiler } = this;
          const options = { script: this.program.script, secrets, meta, params, nodejsCompiler };
          try {
            compiler(options, (/** @type {unknown} */ failure, /** @type {unknown} */ main) =>
              failure ? reject(failure) : resolve(main),
            );
          } catch (thrown) {
            reject(thrown);
          }
        }
      });
    });
  }
}

exports.Toolchain = Toolchain;
