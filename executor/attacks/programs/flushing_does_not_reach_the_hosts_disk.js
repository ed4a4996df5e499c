// Must print done
// group: files
// attacks: fsync fdatasync seccomp
"use strict";
// The root's files lie on the host's disk, and a flush of one would hold up whoever writes there. None is made: a
// descriptor that is not even open is "flushed" as well.
const fs = require("node:fs");
const file = fs.openSync("/rt/main.js");
for (let n = 0; n < 10000; n++) fs.fsyncSync(file);
try { fs.fsyncSync(200); fs.fdatasyncSync(200); console.log("done"); } catch (error) { console.log(error.code); }
