// Must print ENOENT ENOENT
// group: network
// attacks: connect socket mount
"use strict";
const net = require("node:net");
const tried = (path) => new Promise((resolve) => {
  net.connect(path).on("connect", () => resolve("connected")).on("error", (error) => resolve(error.code));
});
(async () => console.log(await tried("HOST_SOCKET"), await tried("/run/docker.sock")))();
