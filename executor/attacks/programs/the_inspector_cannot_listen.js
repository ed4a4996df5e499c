// Must print undefined
// group: runtime
// attacks: landlock bind
"use strict";
const inspector = require("node:inspector");
try { inspector.open(9229, "0.0.0.0"); } catch { /* how it says no differs between versions */ }
console.log(inspector.url());
