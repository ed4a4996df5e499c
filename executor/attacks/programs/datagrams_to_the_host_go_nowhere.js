// Must print ENETUNREACH
// group: network
// attacks: net sendmsg
"use strict";
// Landlock does not cover UDP: this is the empty network namespace.
const socket = require("node:dgram").createSocket("udp4");
socket.send("hello", HOST_UDP_PORT, "127.0.0.1", (error) => { console.log(error ? error.code : "sent"); socket.close(); });
