// Must run out of memory
// group: memory
// attacks: rlimits mmap
"use strict";
const kept = [];
for (;;) kept.push(new Uint8Array(new SharedArrayBuffer(1 << 20)).fill(1));
