// Must run out of memory
"use strict";
const kept = [];
for (;;) kept.push({ text: new Array(100).fill(1.5) });
