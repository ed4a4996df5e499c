"use strict";

// The program of a sandboxed worker. Fd 3 carries frames, fd 4 log lines; the executor is at their other ends.

const calls = require("./calls");
const { Channel } = require("./channel");
const console = require("./console");
const { Crash, reallyExit } = require("./crash");
const egress = require("./egress");
const { describe } = require("./errors");
const { log } = require("./log");
const outputs = require("./outputs");
const { rehearse } = require("./rehearsal");
const shims = require("./shims");
const { Worker } = require("./worker");

const CHANNEL_FD = 3;
const EXIT_PROTOCOL = 76;

console.install();
const crash = new Crash(outputs.install());
const worker = new Worker(crash);
crash.install();
egress.install();
shims.install(() => worker.memory);

const channel = new Channel(CHANNEL_FD, {
  onFrame: worker.onFrame.bind(worker),
  onFault(error) {
    log("error", `The executor sent ${describe(error)}; this worker cannot go on.`);
    reallyExit(EXIT_PROTOCOL);
  },
  onClose: () => reallyExit(0),
});
worker.channel = channel;
calls.install(channel);
crash.channel = channel;
rehearse().then(() => worker.ready());
