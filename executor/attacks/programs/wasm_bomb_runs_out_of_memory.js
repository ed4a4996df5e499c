// Must run out of memory
// group: memory
// attacks: rlimits mmap mprotect
"use strict";
const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
for (;;) {
  const before = memory.grow(16);
  new Uint8Array(memory.buffer, 65536 * before).fill(1);
}
