// Must print ENOENT 0
// group: files
// attacks: inotify_add_watch inotify_init1 inotify_rm_watch
"use strict";
const fs = require("node:fs");
let seen = 0;
// All sandboxes read the same files of the root. fs.watch asks for changes only, and there are none.
try { fs.watch("/proc", () => seen++); } catch (error) { process.stdout.write(`${error.code} `); }
const watcher = fs.watch("/rt/main.js", () => seen++);
fs.readFileSync("/rt/main.js");
setTimeout(() => { watcher.close(); console.log(seen); }, 20);
