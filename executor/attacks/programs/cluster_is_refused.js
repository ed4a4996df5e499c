// Must print EPERM
// group: processes
// attacks: fork clone
"use strict";
const cluster = require("node:cluster");
try { cluster.fork(); } catch (error) { console.log(error.code); }
