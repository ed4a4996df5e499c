// Must print EPERM EPERM EPERM EPERM
// group: processes
// attacks: kill pid
"use strict";
const code = (pid) => { try { process.kill(pid, "SIGKILL"); return "done"; } catch (error) { return error.code; } };
console.log(code(-1), code(0), code(2), code(HOST_PID));
