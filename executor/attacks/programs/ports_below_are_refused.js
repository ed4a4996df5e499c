// Must print EACCES
// group: network
// attacks: bind landlock
"use strict";
require("node:net").createServer().listen(80, "127.0.0.1")
  .on("listening", () => console.log("listening")).on("error", (error) => console.log(error.code));
