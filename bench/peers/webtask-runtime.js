"use strict";

// The original's own runtime for one webtask on one's own machine; it isolates nothing.

const runtime = require("webtask-runtime");

runtime.createServer((cb) => cb(null, { hello: "world" })).listen(Number(process.argv[2]), "127.0.0.1");
