// Must print undefined
// group: runtime
// attacks: kill landlock
"use strict";
try { process._debugProcess(process.pid); } catch { /* says so in other words in each version */ }
try { process.kill(process.pid, "SIGUSR1"); } catch { /* the same */ }
setTimeout(() => console.log(require("node:inspector").url()), 50);
