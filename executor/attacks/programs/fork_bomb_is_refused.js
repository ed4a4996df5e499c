// Must print 300 refused
// group: processes
// attacks: fork clone
"use strict";
const { spawn, fork } = require("node:child_process");
let refused = 0;
const count = (error) => (refused += error.code === "EPERM");
for (let n = 0; n < 300; n++) {
  try { (n % 2 ? spawn("/bin/node", ["-v"]) : fork("/rt/main.js")).on("error", count); } catch (error) { count(error); }
}
process.on("exit", () => console.log(refused, "refused"));
