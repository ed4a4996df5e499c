// Must run out of memory
// group: memory
// attacks: rlimits mmap munmap
"use strict";
const kept = [];
for (;;) kept.push(Buffer.alloc(1 << 20, 1));
