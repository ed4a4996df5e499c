// Must print ECONNREFUSED
"use strict";
require("node:net").connect("\0HOST_ABSTRACT")
  .on("connect", () => console.log("connected")).on("error", (error) => console.log(error.code));
