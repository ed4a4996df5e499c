// Must print ENOENT refused
// group: files
// attacks: sendfile openat landlock mount
"use strict";
const fs = require("node:fs");
const code = (attempt) => { try { attempt(); return "done"; } catch (error) { return error.code; } };
const over = code(() => fs.copyFileSync("/etc/passwd", "/etc/hosts"));
console.log(code(() => fs.copyFileSync("HOST_FILE", "/tmp/secret")), ["EACCES", "EROFS"].includes(over) ? "refused" : over);
