// Must print true
// group: files
// attacks: environment
"use strict";
const known = new Set(["HOME", "LANG", "NODE_ENV", "OPENSSL_CONF", "PATH", "TMPDIR", "TZ", "USER"]);
console.log(Object.keys(process.env).every((name) => known.has(name)));
