"use strict";

// The program of a sandbox that installs packages: npm's own command in this very process, since it may start no
// other. When npm is done, its lock, the versions and then an archive of everything go out through fd 3.

const fs = require("node:fs");
const path = require("node:path");

const OUT_FD = 3;
const [npm, registry, wish] = process.argv.slice(2);
const place = path.join(process.env.TMPDIR, "set");
const archive = path.join(process.env.TMPDIR, "set.tgz");

/** @param {string | Uint8Array} data */
function send(data) {
  const bytes = Buffer.from(data);
  for (let sent = 0; sent < bytes.length; ) sent += fs.writeSync(OUT_FD, bytes, sent);
}

/**
 * Every file below `directory`, in an order that is always the same. Links are left out.
 *
 * @param {string} directory
 * @param {string[]} found
 */
function files(directory, found) {
  const entries = fs.readdirSync(path.join(place, directory), { withFileTypes: true });
  entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const entry of entries) {
    const inner = `${directory}/${entry.name}`;
    // npm's own notes say when; equal sets shall be equal bytes.
    if (inner === "node_modules/.package-lock.json") continue;
    if (entry.isDirectory()) files(inner, found);
    else if (entry.isFile()) found.push(inner);
  }
  return found;
}

function pack() {
  const lock = fs.readFileSync(path.join(place, "package-lock.json"), "utf8");
  const { packages } = JSON.parse(lock);
  /** @type {Record<string, string>} */
  const versions = {};
  for (const name of Object.keys(packages[""].dependencies ?? {}).sort())
    versions[name] = packages[`node_modules/${name}`].version;
  fs.writeFileSync(path.join(place, "versions.json"), JSON.stringify(versions));
  fs.mkdirSync(path.join(place, "node_modules"), { recursive: true });
  require(`${npm}/node_modules/tar`).create(
    { sync: true, file: archive, cwd: place, gzip: true, portable: true, noMtime: true, follow: false },
    ["versions.json", ...files("node_modules", [])],
  );
  send(`${JSON.stringify({ lock, versions })}\n`);
  send(fs.readFileSync(archive));
}

fs.mkdirSync(place);
process.chdir(place);
fs.writeFileSync(
  "package.json",
  JSON.stringify({ name: "webtask", private: true, dependencies: JSON.parse(wish) }),
);
process.argv = [
  process.argv[0],
  "npm",
  "install",
  `--registry=${registry}`,
  `--cache=${path.join(process.env.TMPDIR, "cache")}`,
  "--userconfig=/etc/npm/user",
  "--globalconfig=/etc/npm/global",
  "--ignore-scripts",
  "--no-bin-links",
  "--no-audit",
  "--no-fund",
  "--no-update-notifier",
  "--no-progress",
  "--omit=dev",
  "--omit-lockfile-registry-resolved",
  "--install-links",
  "--logs-max=0",
  "--loglevel=http",
  "--fetch-retries=1",
  "--fetch-retry-mintimeout=1000",
  "--fetch-timeout=30000",
];
process.on("exit", (code) => {
  if (code !== 0) return;
  try {
    pack();
  } catch (error) {
    console.error(`npm error ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
});
require(`${npm}/lib/cli.js`)(process);
