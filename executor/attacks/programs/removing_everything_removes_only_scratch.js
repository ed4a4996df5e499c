// Must print true 0
// group: files
// attacks: unlinkat unlink rmdir umask mount
"use strict";
const fs = require("node:fs");
process.umask(0);
fs.mkdirSync("/tmp/a/b/c", { recursive: true });
for (const place of ["/rt", "/etc", "/bin", "/lib", "/tmp/a", "/"]) try { fs.rmSync(place, { recursive: true, force: true }); } catch { /* refused */ }
console.log(["/rt/main.js", "/etc/hosts", "/bin/node"].every((path) => fs.existsSync(path)), fs.readdirSync("/tmp").length);
