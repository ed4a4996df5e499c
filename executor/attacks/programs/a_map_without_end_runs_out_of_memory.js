// Must run out of memory
// group: memory
// attacks: v8 mmap
"use strict";
const kept = new Map();
for (let n = 0; ; n++) kept.set(n, { n });
