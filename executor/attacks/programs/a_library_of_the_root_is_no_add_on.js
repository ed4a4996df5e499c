// Must print ERR_DLOPEN_FAILED
// group: runtime
// attacks: mmap openat
"use strict";
const library = require("node:fs").readdirSync("/lib/x86_64-linux-gnu").find((name) => name.startsWith("libc."));
try { process.dlopen({ exports: {} }, `/lib/x86_64-linux-gnu/${library}`); } catch (error) { console.log(error.code); }
