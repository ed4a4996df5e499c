// Must print EXDEV
"use strict";
try { require("node:fs").linkSync("/etc/passwd", "/tmp/passwd"); } catch (error) { console.log(error.code); }
