// Must print ENOSPC 16
// group: limits
// attacks: tmpfs write
"use strict";
const fs = require("node:fs");
let written = 0;
try { for (;;) { fs.writeFileSync(`/tmp/${written}`, Buffer.alloc(1 << 20)); written++; } } catch (error) { console.log(error.code, written); }
