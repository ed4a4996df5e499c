// Must print ENOENT
// group: files
// attacks: statfs statx mount
"use strict";
const fs = require("node:fs");
const code = (path) => { try { fs.statfsSync(path); return "there"; } catch (error) { return error.code; } };
console.log(...new Set(["/proc", "/sys/fs/cgroup", "/dev/shm", "/home", "/root", "HOST_FILE"].map(code)));
