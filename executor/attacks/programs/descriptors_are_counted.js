// Must print EMFILE true
// group: limits
// attacks: rlimits open openat
"use strict";
const fs = require("node:fs");
let opened = 0;
try { for (;;) { fs.openSync("/etc/hosts"); opened++; } } catch (error) { console.log(error.code, opened < 256); }
