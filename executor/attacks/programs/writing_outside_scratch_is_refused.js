// Must print EROFS EROFS EROFS EROFS EROFS
// group: files
// attacks: mount openat unlink chmod mkdir
"use strict";
const fs = require("node:fs");
const code = (attempt) => { try { attempt(); return "done"; } catch (error) { return error.code; } };
console.log(
  code(() => fs.writeFileSync("/new", "")),
  code(() => fs.writeFileSync("/rt/main.js", "")),
  code(() => fs.unlinkSync("/bin/node")),
  code(() => fs.chmodSync("/etc/passwd", 0o666)),
  code(() => fs.mkdirSync("/etc/new")),
);
