// Must run out of memory
// group: memory
// attacks: v8 mmap
"use strict";
const kept = [];
for (let n = 0; ; n++) kept.push(Buffer.alloc(1 << 20, "a").toString("latin1") + n);
