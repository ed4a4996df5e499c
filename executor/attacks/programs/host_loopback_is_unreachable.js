// Must print EACCES
// group: network
// attacks: landlock net connect socket
"use strict";
require("node:net").connect(HOST_TCP_PORT, "127.0.0.1")
  .on("connect", () => console.log("connected")).on("error", (error) => console.log(error.code));
