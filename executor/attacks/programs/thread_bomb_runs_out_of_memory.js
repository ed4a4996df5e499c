// Must run out of memory
// group: processes
// attacks: rlimits clone
"use strict";
const { Worker } = require("node:worker_threads");
for (let n = 0; n < 100; n++) new Worker("setInterval(() => {}, 1000)", { eval: true });
