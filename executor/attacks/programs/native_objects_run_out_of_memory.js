// Must run out of memory
// group: memory
// attacks: mmap brk rlimits
"use strict";
const zlib = require("node:zlib");
const kept = [];
for (;;) { const deflate = zlib.createDeflate(); deflate.write("x"); kept.push(deflate); }
