// Must be killed
// group: processes
// attacks: watchdog rt_sigaction
"use strict";
for (const name of Object.keys(require("node:os").constants.signals)) {
  try { process.on(name, () => {}); } catch { /* SIGKILL and SIGSTOP cannot be ignored */ }
}
require("node:fs").writeSync(3, "started");
for (;;);
