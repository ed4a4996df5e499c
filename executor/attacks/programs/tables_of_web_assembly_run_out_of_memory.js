// Must run out of memory
// group: memory
// attacks: rlimits v8
"use strict";
const kept = [];
for (;;) kept.push(new WebAssembly.Table({ initial: 1000000, element: "externref" }));
