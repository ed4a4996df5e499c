// Must print EPERM ENOENT
// group: runtime
// attacks: clone mount
"use strict";
const vm = require("node:vm");
const host = vm.runInNewContext("this.constructor.constructor('return process')()", { own: {} });
const code = (attempt) => { try { attempt(); return "done"; } catch (error) { return error.code; } };
console.log(
  code(() => host.getBuiltinModule("node:child_process").execSync("id")),
  code(() => host.getBuiltinModule("node:fs").readFileSync("/etc/shadow")),
);
