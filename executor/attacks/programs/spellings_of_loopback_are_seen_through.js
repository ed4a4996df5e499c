// Must print ECONNRESET
// group: network
// attacks: egress connect
"use strict";
const SPELLINGS = [
  "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.0.0.1", "127.1", "127.0.1", "017700000001", "localhost",
  "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]",
  "[64:ff9b:1::7f00:1]", "[2002:7f00:1::1]", "[2001:0:7f00:1::1]", "[0:0:0:0:0:0:0:1]", "127.0.0.1.",
];
const attempt = (host) => new Promise((done) => {
  require("node:http").get(`http://${host}/`, () => done("answered")).on("error", (error) => done(error.code));
});
Promise.all(SPELLINGS.map(attempt)).then((codes) => console.log(...new Set(codes)));
