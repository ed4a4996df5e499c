// Must print EACCES
// group: network
// attacks: landlock bind listen
"use strict";
require("node:http").createServer().listen(8080)
  .on("listening", () => console.log("listening")).on("error", (error) => console.log(error.code));
