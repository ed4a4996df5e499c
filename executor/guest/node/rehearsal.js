"use strict";

// A first request costs milliseconds of V8's and Node's lazy work. A blank worker pays them before it says
// READY, by serving one request of each model to nobody.

const { Invocation } = require("./invocation");
const { Program } = require("./loader");
const models = require("./models");

const MODELS = ["(cb) => cb(null, {})", "(ctx, cb) => cb(null, {})", '(ctx, req, res) => res.end(" ")'];

/** @typedef {import('./channel').Channel} Channel */

const nowhere = /** @type {Channel} */ (
  /** @type {unknown} */ ({ sendText() {}, sendBytes() {}, sendEmpty() {}, sendCredit() {} })
);

/** @param {string} model */
function play(model) {
  const program = new Program({
    team: "",
    webtask: null,
    slot: "",
    entry: "rehearsal.js",
    files: { "rehearsal.js": `module.exports = ${model};` },
    secrets: {},
    params: {},
    meta: {},
    parse_body: null,
    merge_body: 1,
    limits: {},
  });
  program.load();
  const request = {
    deployment: 0,
    id: "",
    method: "POST",
    url: "/?a=1",
    path: "",
    http: "1.1",
    headers: ["Content-Type", "application/json"],
    body: true,
    url_format: 1,
    remote: "",
  };
  const invocation = new Invocation(program, request, { channel: nowhere, stream: 0, onOver() {} });
  invocation.enter(() => {
    models.run(invocation);
    invocation.receive(Buffer.from("{}"));
    invocation.receiveEnd([]);
  });
}

/** @returns {Promise<void>} settled once the events of the last response are over */
async function rehearse() {
  MODELS.forEach(play);
  await new Promise((resolve) => setImmediate(resolve));
}

exports.rehearse = rehearse;
