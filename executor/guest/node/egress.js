"use strict";

// Tells the executor which invocation made a connection: it sees only the port that one comes from.

const { subscribe } = require("node:diagnostics_channel");

const { current } = require("./invocation");
const { connectionMade } = require("./log");

/** @param {unknown} message */
function onSocket(message) {
  const invocation = current();
  if (invocation === undefined) return;
  const { socket } = /** @type {{socket: import('node:net').Socket}} */ (message);
  // By then code of another invocation may be running: a pool's connection is its first user's.
  socket.once("connect", () => {
    if (socket.localPort !== undefined) connectionMade(socket.localPort, invocation.id);
  });
}

function install() {
  // Every socket is announced there, whoever makes it: net, tls, http, fetch.
  subscribe("net.client.socket", onSocket);
}

exports.install = install;
