// Must print EXDEV
// group: files
// attacks: link mount
"use strict";
try { require("node:fs").linkSync("/etc/passwd", "/tmp/passwd"); } catch (error) { console.log(error.code); }
