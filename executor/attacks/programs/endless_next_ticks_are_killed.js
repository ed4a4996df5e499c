// Must be killed
// group: cpu
// attacks: watchdog
"use strict";
require("node:fs").writeSync(3, "started");
const again = () => process.nextTick(again);
again();
