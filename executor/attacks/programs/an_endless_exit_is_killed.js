// Must be killed
// group: cpu
// attacks: watchdog exit_group
"use strict";
process.on("exit", () => { require("node:fs").writeSync(3, "started"); for (;;); });
process.exit();
