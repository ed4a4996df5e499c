// Must print refused
// group: runtime
// attacks: mount openat
"use strict";
// Web assembly with every right that Node can give it, asking for files by its own system interface.
const { WASI } = require("node:wasi");
const wasi = new WASI({ version: "preview1", preopens: { "/etc": "/etc" } });
const memory = new WebAssembly.Memory({ initial: 1 });
wasi.initialize({ exports: { memory } });
const open = (path) => {
  const bytes = Buffer.from(path);
  new Uint8Array(memory.buffer).set(bytes, 64);
  return wasi.wasiImport.path_open(3, 1, 64, bytes.length, 0, 2n, 0n, 0, 0);
};
const paths = ["shadow", "../proc/1/environ", "../HOST_FILE", "/bin/node"];
console.log(open("hosts") === 0 && paths.every((path) => open(path) !== 0) ? "refused" : paths.map(open));
