// Must print 0
// group: files
// attacks: symlink rename openat mount
"use strict";
// What looks like a directory of one's own becomes a link to the root between one look and the next.
const fs = require("node:fs");

fs.mkdirSync("/tmp/own/etc", { recursive: true });
fs.symlinkSync("/", "/tmp/link");
const attempt = (action) => { try { action(); return 1; } catch { return 0; } };
const swaps = [["own", "aside"], ["link", "own"], ["own", "link"], ["aside", "own"]];
let through = 0;
for (let round = 0; round < 20; round++) {
  // The threads of the pool swap while this one opens.
  for (let n = 0; n < 100; n++) {
    for (const [from, to] of swaps) fs.rename(`/tmp/${from}`, `/tmp/${to}`, () => {});
  }
  for (let n = 0; n < 100; n++) {
    for (const name of ["HOST_FILE", "etc/shadow", "proc/1/environ"]) {
      through += attempt(() => fs.closeSync(fs.openSync(`/tmp/own/${name}`)));
    }
    attempt(() => fs.writeFileSync("/tmp/own/etc/new", ""));
  }
}
process.on("exit", () => console.log(through + fs.existsSync("/etc/new")));
