// Must print refused
// group: runtime
// attacks: tmpfs mmap
"use strict";
const fs = require("node:fs");
const { DatabaseSync } = require("node:sqlite");
const library = fs.readdirSync("/lib/x86_64-linux-gnu").find((name) => name.startsWith("libm."));
fs.copyFileSync(`/lib/x86_64-linux-gnu/${library}`, "/tmp/extension.so");
const database = new DatabaseSync(":memory:", { allowExtension: true });
try { database.loadExtension("/tmp/extension"); console.log("loaded"); } catch (error) {
  console.log(/failed to map segment|not permitted|not authorized/.test(error.message) ? "refused" : error.message);
}
