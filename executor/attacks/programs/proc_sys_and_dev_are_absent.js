// Must print ENOENT ENOENT ENOENT ENOENT
// group: files
// attacks: mount stat statx
"use strict";
const fs = require("node:fs");
const code = (path) => { try { fs.statSync(path); return "there"; } catch (error) { return error.code; } };
console.log(code("/proc"), code("/sys"), code("/dev"), code("/dev/null"));
