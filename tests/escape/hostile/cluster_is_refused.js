// Must print EPERM
"use strict";
const cluster = require("node:cluster");
try { cluster.fork(); } catch (error) { console.log(error.code); }
