// Must print EACCES
"use strict";
require("node:http").createServer().listen(8080)
  .on("listening", () => console.log("listening")).on("error", (error) => console.log(error.code));
