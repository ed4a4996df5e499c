// Must print refused
// group: runtime
// attacks: tmpfs mmap
"use strict";
require("node:fs").writeFileSync("/tmp/engine.so", "engine");
const crypto = require("node:crypto");
try { crypto.setEngine("/tmp/engine.so"); console.log("loaded"); } catch { console.log("refused"); }
