// Must run out of memory
// group: memory
// attacks: v8 mmap
"use strict";
const kept = [];
for (;;) kept.push({ text: new Array(100).fill(1.5) });
