// Must die by SIGSEGV
// group: limits
// attacks: close descriptors
"use strict";
// Node aborts when its own are gone.
const fs = require("node:fs");
for (let number = 0; number < 256; number++) try { fs.closeSync(number); } catch { /* was not open */ }
