// Must print ECONNRESET
// group: network
// attacks: egress connect
"use strict";
require("node:http").get("http://169.254.169.254/latest/meta-data/")
  .on("response", () => console.log("answered")).on("error", (error) => console.log(error.code));
