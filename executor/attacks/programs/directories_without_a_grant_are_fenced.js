// Must print EACCES
// group: files
// attacks: landlock getdents64
"use strict";
// Nothing secret is there; it shows that Landlock stands behind the mounts.
try { console.log(require("node:fs").readdirSync("/")); } catch (error) { console.log(error.code); }
