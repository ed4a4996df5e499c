// Must run out of memory
"use strict";
const kept = [];
for (;;) kept.push(new Uint8Array(new SharedArrayBuffer(1 << 20)).fill(1));
