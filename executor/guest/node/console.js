'use strict';

// `console` and process.stdout/stderr of user code, made to write log lines.

const { Console } = require('node:console');
const { Writable } = require('node:stream');

const { MAX_TEXT, log } = require('./log');
const { current } = require('./invocation');
const { setImmediate } = require('./primordials');

/** @typedef {import('./log').Level} Level */
/** @typedef {import('./invocation').Invocation} Invocation */

/** The methods whose level is not that of the stream Node would print them on. */
const LEVELS = /** @type {const} */ ({ debug: 'debug', trace: 'debug', warn: 'warn' });

function installConsole() {
  /** @type {Level | null} */
  let forced = null;
  const sink = (/** @type {Level} */ level) => ({
    write(/** @type {string} */ text) {
      log(forced ?? level, text.endsWith('\n') ? text.slice(0, -1) : text);
    },
  });
  const ours = /** @type {any} */ (
    new Console({
      stdout: /** @type {any} */ (sink('info')),
      stderr: /** @type {any} */ (sink('error')),
      ignoreErrors: false,
      colorMode: false,
    })
  );
  const target = /** @type {any} */ (console);
  // The object stays the same one: `require('console')` and code that already holds it see the change.
  for (const name of Object.keys(ours)) if (typeof ours[name] === 'function') target[name] = ours[name];
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

/** Cuts what is written into lines. An unfinished line is held until the end of the turn, not longer. */
class LineStream extends Writable {
  /**
   * @param {Level} level
   * @param {number} fd
   */
  constructor(level, fd) {
    super({ decodeStrings: false });
    this.level = level;
    this.fd = fd;
    this.isTTY = false;
    this.text = '';
    /** @type {Invocation | undefined} */
    this.owner = undefined;
    this.scheduled = false;
  }

  /**
   * @param {string | Buffer} chunk
   * @param {BufferEncoding} encoding
   * @param {() => void} callback
   */
  _write(chunk, encoding, callback) {
    const owner = current();
    if (owner !== this.owner) this.flush();
    this.owner = owner;
    // A binary encoding names how the string spells bytes; the log shows the text those bytes are.
    const plain = typeof chunk !== 'string' ? chunk.toString() : chunk;
    const lines = (this.text + (encoding === 'hex' || encoding === 'base64' ? decode(chunk, encoding) : plain)).split('\n');
    this.text = lines.pop() ?? '';
    for (const line of lines) log(this.level, line);
    if (this.text.length > MAX_TEXT) this.flush();
    if (this.text !== '') this.flushSoon();
    callback();
  }

  flushSoon() {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  flush() {
    if (this.text === '') return;
    const { text, owner } = this;
    this.text = '';
    if (owner === undefined) log(this.level, text);
    else owner.enter(() => log(this.level, text));
  }
}

/**
 * @param {string | Buffer} chunk
 * @param {BufferEncoding} encoding
 */
function decode(chunk, encoding) {
  return typeof chunk === 'string' ? Buffer.from(chunk, encoding).toString() : chunk.toString();
}

function installStreams() {
  const streams = { stdout: new LineStream('info', 1), stderr: new LineStream('error', 2) };
  for (const [name, stream] of Object.entries(streams)) {
    Object.defineProperty(process, name, { value: stream, configurable: true, enumerable: true, writable: true });
  }
  return () => {
    streams.stdout.flush();
    streams.stderr.flush();
  };
}

/** Node prints warnings on fd 2, where no invocation is known. */
function installWarnings() {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name === 'DeprecationWarning' && process.noDeprecation) return;
    log('warn', `${warning.name}: ${warning.message}`);
  });
}

/** @returns {() => void} writes out unfinished lines */
function install() {
  installConsole();
  installWarnings();
  return installStreams();
}

exports.install = install;
