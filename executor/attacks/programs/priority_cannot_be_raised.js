// Must print refused
// group: cpu
// attacks: setpriority getpriority rlimits
"use strict";
const os = require("node:os");
try { os.setPriority(0, -20); console.log("done", os.getPriority()); } catch { console.log("refused"); }
