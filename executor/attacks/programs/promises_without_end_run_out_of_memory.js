// Must run out of memory
// group: memory
// attacks: v8 mmap
"use strict";
const kept = [];
for (;;) kept.push(new Promise(() => {}).then(() => kept));
