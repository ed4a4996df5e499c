// Must run out of memory
// group: memory
// attacks: rlimits mmap
"use strict";
const zlib = require("node:zlib");
const layer = zlib.gzipSync(Buffer.alloc(16 << 20));
const kept = [];
for (;;) kept.push(zlib.gunzipSync(layer));
