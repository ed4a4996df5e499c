// Must print EPERM EPERM EPERM
// group: privileges
// attacks: setuid setgid setgroups
"use strict";
const code = (attempt) => { try { attempt(); return "done"; } catch (error) { return error.code; } };
console.log(code(() => process.setuid(0)), code(() => process.setgid(0)), code(() => process.setgroups([0])));
