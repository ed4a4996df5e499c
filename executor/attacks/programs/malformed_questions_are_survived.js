// Must print ENOTFOUND
// group: network
// attacks: egress sendmsg
"use strict";
const dns = require("node:dns"), dgram = require("node:dgram");
const socket = dgram.createSocket("udp4");
const head = [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
const QUESTIONS = [
  [], [0], head, [...head, 63], [...head, 0xc0, 12, 0, 1, 0, 1], [...head, 0xff, 0xff], [...head, 0, 0, 1, 0, 1],
  [...head, ...Array(4000).fill(1)], [...head, 3, 0, 10, 255, 0, 0, 1, 0, 1], Array(4096).fill(255),
];
for (const question of QUESTIONS) socket.send(Buffer.from(question), 53, "127.0.0.1");
// No resolver of any host knows a name that ends like this.
setTimeout(() => {
  socket.close();
  dns.resolve4("still-there.invalid", (error) => console.log(error.code));
}, 50);
