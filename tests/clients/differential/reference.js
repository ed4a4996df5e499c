"use strict";

// Serves each case of the table named on the command line by npm's webtask-runtime, unchanged, on a port of its own;
// prints the ports. What its own `simulate` does per request, over a real connection.

const fs = require("node:fs");
const http = require("node:http");
const { createRequire } = require("node:module");

const load = createRequire(`${process.argv[2]}/published.js`);
const runtime = load("webtask-runtime");
const context = load("webtask-runtime/lib/context");
const cases = JSON.parse(fs.readFileSync(process.argv[3], "utf8"));
const silent = () => {};
const logger = { info: silent, warn: silent, error: silent };
const connections = new Set();

const serve = ({ code, container, params, secrets, meta, pb, mb }) => {
  const storage = runtime.createStorage();
  const options = { container, params, secrets, meta, logger, storage, mergeBody: mb, parseBody: pb, url_format: 1 };
  // By its promise a case is compiled once, as its server does.
  const compiled = new Promise((done) => {
    const webtaskApi = { secrets, meta, params, storage };
    runtime.compile(code, { ...options, webtaskApi }, (error, main) => done({ error, main }));
  });
  return http.createServer(async (request, response) => {
    const { error, main } = await compiled;
    context.prepareRequest(request, options);
    if (!error) return runtime.createHandler(main, options)(request, response);
    response.writeHead(error.code, { "Content-Type": "application/json" });
    response.end(JSON.stringify(error, null, 2));
  });
};

// The local runtime has no answer to these: it would end, and with it every other case.
process.on("uncaughtException", () => connections.forEach((connection) => connection.destroy()));
process.on("unhandledRejection", () => connections.forEach((connection) => connection.destroy()));
process.stdin.on("end", () => process.exit()).resume();

const listen = (options) =>
  new Promise((done) => {
    const server = serve(options);
    server.on("connection", (connection) => {
      connections.add(connection);
      connection.on("close", () => connections.delete(connection));
    });
    server.listen(0, "127.0.0.1", () => done(server.address().port));
  });

Promise.all(cases.map(listen)).then((ports) => fs.writeSync(1, `${JSON.stringify(ports)}\n`));
