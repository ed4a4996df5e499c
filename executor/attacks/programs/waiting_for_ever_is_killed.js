// Must be killed
// group: cpu
// attacks: watchdog futex
"use strict";
require("node:fs").writeSync(3, "started");
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
