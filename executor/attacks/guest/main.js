// Runs the program that the arena sends, once the arena has set its limits.
"use strict";
const fs = require("node:fs");
const { Module } = require("node:module");

fs.writeSync(3, "up");
const source = fs.readFileSync(3, "utf8");
const hostile = new Module("/tmp/hostile.js");
hostile._compile(source, "/tmp/hostile.js");
