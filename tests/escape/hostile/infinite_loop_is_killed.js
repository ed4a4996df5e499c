// Must be killed
"use strict";
require("node:fs").writeSync(3, "started");
for (;;);
