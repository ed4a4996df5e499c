// Must run out of memory
// group: memory
// attacks: rlimits brk
"use strict";
// Often dies without the memory for a last word.
const kept = [];
for (;;) kept.push(Buffer.allocUnsafeSlow(4000).fill(1));
