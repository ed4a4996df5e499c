// Must run out of memory
// group: memory
// attacks: mmap rlimits
"use strict";
const kept = [];
for (;;) kept.push(new Blob([new Uint8Array(1 << 20).fill(1)]));
