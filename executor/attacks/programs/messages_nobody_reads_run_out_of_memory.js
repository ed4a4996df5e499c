// Must run out of memory
// group: memory
// attacks: mmap brk rlimits
"use strict";
const { port1 } = new MessageChannel();
for (;;) port1.postMessage(new Uint8Array(100000).fill(1));
