"use strict";

// Compiles a text of a given size once, as a guest does, and prints how many microseconds that took with all that
// belongs to it. A process is good for one measure: V8 remembers what it has compiled.
//   compile.js cold BYTES        Module.prototype._compile, what the guest does
//   compile.js cached BYTES FILE vm.Script with the cache in FILE, as it would come with a LOAD frame
//   compile.js make BYTES FILE   writes that cache, of code that has run

const fs = require("node:fs");
const Module = require("node:module");
const vm = require("node:vm");

// What code of a webtask looks like to a compiler: functions of some 15 lines, one in ten of them called while loading.
function unit(number) {
  return `
function handle${number}(request, options) {
  const found = [];
  for (const [name, value] of Object.entries(request ?? {})) {
    if (typeof value !== "string" || name.startsWith("_")) continue;
    const parts = value.split(",").map((part) => part.trim().toLowerCase());
    found.push({ name, parts, score: parts.length * ${number} + (options?.bonus ?? 0) });
  }
  found.sort((a, b) => b.score - a.score || a.name.localeCompare(b.name));
  class Result${number} {
    constructor(list) { this.list = list; }
    best() { return this.list[0] ?? { name: "none", parts: [], score: 0 }; }
  }
  return new Result${number}(found).best();
}
${number % 10 === 0 ? `handle${number}({ accept: "text/html, text/plain" }, { bonus: 1 });` : ""}`;
}

function text(size) {
  let code = "module.exports = (cb) => cb(null, { hello: 'world' });";
  for (let number = 0; code.length < size; number++) code += unit(number);
  return code;
}

function run(script) {
  const module = { exports: {} };
  script.runInThisContext().call(module.exports, module.exports, require, module, "webtask.js", ".");
  return module.exports;
}

const [kind, size, file] = process.argv.slice(2);
const code = text(Number(size));
const wrapped = `(function (exports, require, module, __filename, __dirname) {${code}\n})`;
const options = { filename: "webtask.js" };

if (kind === "make") {
  const script = new vm.Script(wrapped, options);
  run(script);
  fs.writeFileSync(file, script.createCachedData());
  console.log(fs.statSync(file).size);
} else if (kind === "cold") {
  const module = new Module("webtask.js");
  const began = process.hrtime.bigint();
  module._compile(code, "webtask.js", "commonjs");
  console.log(Number(process.hrtime.bigint() - began) / 1000);
} else {
  const cachedData = fs.readFileSync(file);
  const began = process.hrtime.bigint();
  const script = new vm.Script(wrapped, { ...options, cachedData });
  run(script);
  const took = Number(process.hrtime.bigint() - began) / 1000;
  if (script.cachedDataRejected) throw new Error("V8 refused the cache");
  console.log(took);
}
