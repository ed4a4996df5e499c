// Must be killed
// group: cpu
// attacks: watchdog
"use strict";
require("node:fs").writeSync(3, "started");
require("node:crypto").pbkdf2Sync("key", "salt", 2 ** 31 - 1, 512, "sha512");
