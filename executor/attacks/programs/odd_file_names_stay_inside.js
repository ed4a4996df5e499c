// Must print 6 []
// group: files
// attacks: openat tmpfs unlink
"use strict";
const fs = require("node:fs");
const names = [Buffer.from([0xff, 0xfe]), Buffer.from("\n"), Buffer.from("a".repeat(255)), Buffer.from("\u202e"), Buffer.from("*"), Buffer.from("-rf")];
for (const name of names) fs.writeFileSync(Buffer.concat([Buffer.from("/tmp/"), name]), "x");
const made = fs.readdirSync("/tmp", "buffer");
for (const name of made) fs.unlinkSync(Buffer.concat([Buffer.from("/tmp/"), name]));
console.log(made.length, JSON.stringify(fs.readdirSync("/tmp")));
