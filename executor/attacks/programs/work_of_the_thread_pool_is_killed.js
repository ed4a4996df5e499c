// Must be killed
// group: cpu
// attacks: watchdog clone futex
"use strict";
for (let n = 0; n < 8; n++) require("node:crypto").pbkdf2("key", "salt", 2 ** 31 - 1, 512, "sha512", () => {});
require("node:fs").writeSync(3, "started");
