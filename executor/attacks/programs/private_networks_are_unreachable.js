// Must print ECONNRESET
// group: network
// attacks: egress connect
"use strict";
const PLACES = [
  "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "127.0.0.2", "169.254.1.1", "192.0.0.1", "198.18.0.1",
  "240.0.0.1", "0.0.0.0", "255.255.255.254", "168.63.129.16", "100.100.100.200",
  "::1", "fc00::1", "fd00:ec2::254", "2001:db8::1", "fec0::1", "100::1", "4000::1",
];
const attempt = (host) => new Promise((done) => {
  require("node:net").connect(443, host).on("data", () => done("answered")).on("error", (error) => done(error.code));
});
Promise.all(PLACES.map(attempt)).then((codes) => console.log(...new Set(codes)));
