// Must print EPERM EPERM
// group: processes
// attacks: fork clone execve
"use strict";
const { execSync, spawnSync } = require("node:child_process");
const code = (attempt) => { try { const done = attempt(); return done.error ? done.error.code : "done"; } catch (error) { return error.code; } };
console.log(code(() => execSync("id")), code(() => spawnSync("/bin/sh", ["-c", "id"])));
