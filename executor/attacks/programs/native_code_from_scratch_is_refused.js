// Must print ERR_DLOPEN_FAILED
// group: runtime
// attacks: tmpfs mmap
"use strict";
const fs = require("node:fs");
const library = fs.readdirSync("/lib/x86_64-linux-gnu").find((name) => name.startsWith("libm."));
fs.copyFileSync(`/lib/x86_64-linux-gnu/${library}`, "/tmp/native.node");
try { process.dlopen({ exports: {} }, "/tmp/native.node"); } catch (error) {
  console.log(/failed to map segment|not permitted/.test(error.message) ? error.code : error.message);
}
