// Must print 0
// group: files
// attacks: symlink rename openat mount
"use strict";
// What looks like a directory of one's own becomes a link to the root between one look and the next.
const fs = require("node:fs");
const { Worker } = require("node:worker_threads");

fs.mkdirSync("/tmp/own/etc", { recursive: true });
fs.symlinkSync("/", "/tmp/link");
const swapping = new Worker(`
  const fs = require("node:fs");
  require("node:worker_threads").parentPort.postMessage("up");
  for (;;) {
    fs.renameSync("/tmp/own", "/tmp/aside");
    fs.renameSync("/tmp/link", "/tmp/own");
    fs.renameSync("/tmp/own", "/tmp/link");
    fs.renameSync("/tmp/aside", "/tmp/own");
  }
`, { eval: true });
const attempt = (action) => { try { action(); return 1; } catch { return 0; } };
swapping.on("message", () => {
  let through = 0;
  for (let n = 0; n < 2000; n++) {
    for (const name of ["HOST_FILE", "etc/shadow", "proc/1/environ"]) {
      through += attempt(() => fs.closeSync(fs.openSync(`/tmp/own/${name}`)));
    }
    attempt(() => fs.writeFileSync("/tmp/own/etc/new", ""));
  }
  console.log(through + fs.existsSync("/etc/new"));
  process.exit();
});
