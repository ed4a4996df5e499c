// Must print ECONNREFUSED
// group: network
// attacks: net landlock connect
"use strict";
require("node:net").connect("\0HOST_ABSTRACT")
  .on("connect", () => console.log("connected")).on("error", (error) => console.log(error.code));
