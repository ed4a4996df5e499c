// Must print refused
// group: network
// attacks: landlock net connect egress
"use strict";
const net = require("node:net");
const spellings = ["127.0.0.1", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::", "127.1", "2130706433", "0x7f.1", "localhost"];
const tried = (host) => new Promise((resolve) => {
  const socket = net.connect(HOST_TCP_PORT, host).on("connect", () => resolve(`connected to ${host}`));
  socket.on("error", () => resolve("refused"));
});
(async () => console.log(...new Set(await Promise.all(spellings.map(tried)))))().then(() => process.exit());
