"use strict";

const functions = require("@google-cloud/functions-framework");

functions.http("hello", (_request, response) => response.json({ hello: "world" }));
