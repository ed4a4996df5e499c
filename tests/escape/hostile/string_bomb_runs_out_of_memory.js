// Must run out of memory
"use strict";
const kept = [];
for (let n = 0; ; n++) kept.push(Buffer.alloc(1 << 20, "a").toString("latin1") + n);
