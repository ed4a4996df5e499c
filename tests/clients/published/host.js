"use strict";

// Runs commands of wt-cli one after another, each as its program would: most of what a command costs is to load what
// it needs, six hundred packages, and they stay loaded. Its own files are loaded anew for each.

const { Readable } = require("node:stream");
const { createInterface } = require("node:readline");

const say = process.stdout.write.bind(process.stdout);
const said = { out: "", err: "" };
let finish = (code) => undefined;

const hear = (name) => (text, ...rest) => {
  said[name] += text;
  rest.find((one) => typeof one === "function")?.();
  return true;
};
const { stdin } = process;
process.stdout.write = hear("out");
process.stderr.write = hear("err");
// The first call ends a program: what comes after it would not have run.
process.exit = (code) => finish(code ?? 0);
for (const event of ["uncaughtException", "unhandledRejection"]) {
  process.on(event, (error) => {
    said.err += String(error?.stack ?? error);
    finish(1);
  });
}

const forget = () => {
  for (const name of Object.keys(require.cache)) {
    if (/\/wt-cli\/(?!node_modules)/.test(name)) delete require.cache[name];
  }
};

const run = ({ program, argv, input }) =>
  new Promise((done) => {
    Object.assign(said, { out: "", err: "" });
    finish = done;
    forget();
    process.argv = [process.execPath, program, ...argv];
    Object.defineProperty(process, "stdin", { value: Readable.from(input ? [input] : []), configurable: true });
    require(program);
  });

const main = async () => {
  for await (const line of createInterface({ input: stdin })) {
    const code = await run(JSON.parse(line));
    say(`${JSON.stringify({ code, ...said })}\n`);
  }
};

main();
