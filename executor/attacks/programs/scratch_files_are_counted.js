// Must print ENOSPC true
// group: limits
// attacks: tmpfs mkdir
"use strict";
const fs = require("node:fs");
let made = 0;
try { for (;;) { fs.mkdirSync(`/tmp/${made}`); made++; } } catch (error) { console.log(error.code, made < 2000); }
