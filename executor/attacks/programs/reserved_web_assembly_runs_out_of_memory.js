// Must run out of memory
// group: memory
// attacks: rlimits mmap mprotect munmap
"use strict";
// Each reserves 8 GiB of addresses for one page.
const kept = [];
for (;;) kept.push(new WebAssembly.Memory({ initial: 1, maximum: 65536 }));
