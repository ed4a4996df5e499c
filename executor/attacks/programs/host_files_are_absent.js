// Must print ENOENT ENOENT ENOENT
// group: files
// attacks: mount open symlink readlink
"use strict";
const fs = require("node:fs");
const code = (path) => { try { return fs.readFileSync(path, "utf8"); } catch (error) { return error.code; } };
fs.symlinkSync("HOST_FILE", "/tmp/link");
console.log(code("HOST_FILE"), code("/tmp/../../../../HOST_FILE"), code("/tmp/link"));
