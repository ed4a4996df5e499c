// Must print bounded
// group: limits
// attacks: mkdir chdir rlimits tmpfs
"use strict";
const fs = require("node:fs");
let depth = 0;
try { for (;;) { fs.mkdirSync("/tmp/d/".replace("/tmp/", "")); process.chdir("d"); depth++; } } catch (error) {
  console.log(["ENOSPC", "ENAMETOOLONG", "ENOENT"].includes(error.code) && depth < 2000 ? "bounded" : `${error.code} ${depth}`);
}
