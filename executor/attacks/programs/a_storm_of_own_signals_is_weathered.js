// Must print 20000 survived
// group: processes
// attacks: kill rlimits rt_sigaction rt_sigreturn
"use strict";
process.on("SIGUSR2", () => {});
for (let n = 0; n < 20000; n++) process.kill(process.pid, "SIGUSR2");
setImmediate(() => { console.log("20000 survived"); process.exit(); });
