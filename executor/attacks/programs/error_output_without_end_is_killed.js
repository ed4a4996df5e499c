// Must be killed
// group: logs
// attacks: watchdog write
"use strict";
const fs = require("node:fs");
fs.writeSync(3, "started");
for (const line = "x".repeat(60000); ;) fs.writeSync(2, line);
