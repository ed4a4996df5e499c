// Must print ENOENT ENOENT ENOENT
// group: files
// attacks: environment mount open
"use strict";
const fs = require("node:fs");
const code = (path) => { try { return fs.readFileSync(path, "utf8"); } catch (error) { return error.code; } };
console.log(code("/proc/self/environ"), code("/proc/1/environ"), code("/proc/HOST_PID/environ"));
