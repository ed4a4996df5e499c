// Must print EACCES listening
// group: network
// attacks: bind listen accept4 landlock fchmod
"use strict";
const net = require("node:net");
const tried = (where) => new Promise((resolve) => {
  const server = net.createServer().listen(where, () => { server.close(); resolve("listening"); });
  server.on("error", (error) => resolve(error.code));
});
(async () => console.log(await tried({ host: "::", port: 0 }), await tried({ path: "/tmp/own.sock" })))();
