// Must print ECONNREFUSED
// group: network
// attacks: net sendmsg
"use strict";
// Landlock does not cover UDP: this is the network namespace, whose own loopback says that nobody listens there.
const socket = require("node:dgram").createSocket("udp4");
socket.on("error", (error) => { console.log(error.code); socket.close(); });
socket.connect(HOST_UDP_PORT, "127.0.0.1", () => socket.send("hello"));
