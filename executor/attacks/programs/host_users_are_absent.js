// Must print webtask ENOENT
// group: files
// attacks: mount open
"use strict";
const fs = require("node:fs");
const names = fs.readFileSync("/etc/passwd", "utf8").trim().split("\n").map((line) => line.split(":")[0]);
const code = (path) => { try { return fs.readFileSync(path, "utf8"); } catch (error) { return error.code; } };
console.log(...names, code("/etc/shadow"));
