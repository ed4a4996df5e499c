// Must run out of memory
// group: memory
// attacks: mmap mprotect rlimits
"use strict";
const buffer = new ArrayBuffer(0, { maxByteLength: 2 ** 32 });
for (let size = 1 << 20; ; size += 1 << 20) { buffer.resize(size); new Uint8Array(buffer, size - 4096).fill(1); }
