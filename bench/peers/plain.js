"use strict";

// The reference: what Node does by itself, and the same with Express.

const http = require("node:http");

const answer = JSON.stringify({ hello: "world" });

function plain(_request, response) {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(answer);
}

function express() {
  const app = require("express")();
  app.get("/", (_request, response) => response.json({ hello: "world" }));
  return app;
}

const [kind, port] = process.argv.slice(2);
http.createServer(kind === "express" ? express() : plain).listen(Number(port), "127.0.0.1");
