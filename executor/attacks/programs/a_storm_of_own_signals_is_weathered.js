// Must print 100000 survived
// group: processes
// attacks: kill rlimits rt_sigaction rt_sigreturn
"use strict";
process.on("SIGUSR2", () => {});
for (let n = 0; n < 100000; n++) process.kill(process.pid, "SIGUSR2");
setImmediate(() => { console.log("100000 survived"); process.exit(); });
