// Must print ERR_DLOPEN_FAILED failed to map segment
// group: runtime
// attacks: tmpfs mmap
"use strict";
// A shared library written byte by byte: its constructor would leave with 42 before Node could look at it.
const fs = require("node:fs");
const image = Buffer.alloc(0x1000 + 64);
const put = (at, size, ...values) => values.forEach((value, n) => {
  for (let byte = 0; byte < size; byte++) image[at + n * size + byte] = Math.floor(value / 2 ** (8 * byte)) % 256;
});
Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(image);
put(16, 2, 3, 62); put(20, 4, 1); put(24, 8, 0, 64, 0); put(48, 4, 0); put(52, 2, 64, 56, 2, 0, 0, 0);
put(64, 4, 1, 7); put(72, 8, 0, 0, 0, image.length, image.length, 0x1000); // PT_LOAD, to be read, written and run
put(120, 4, 2, 6); put(128, 8, 0x200, 0x200, 0x200, 0x70, 0x70, 8); // PT_DYNAMIC
put(0x200, 8, 12, 0x1000, 5, 0x300, 6, 0x310, 10, 1, 11, 24, 4, 0x330, 0, 0); // DT_INIT, empty tables, the end
put(0x330, 4, 1, 1, 0, 0);
Buffer.from([0xbf, 42, 0, 0, 0, 0xb8, 0xe7, 0, 0, 0, 0x0f, 0x05]).copy(image, 0x1000); // exit_group(42)
fs.writeFileSync("/tmp/native.node", image, { mode: 0o755 });
try { process.dlopen({ exports: {} }, "/tmp/native.node"); console.log("loaded"); } catch (error) {
  console.log(error.code, /failed to map segment/.exec(error.message)?.[0] ?? error.message);
}
