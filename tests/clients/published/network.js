"use strict";

// Loaded before a client: wt-cli asks a site on the internet, whose address is fixed in its code, which version of a
// package a range means. The tests' own server answers instead; the client itself is as it was published.

const http = require("node:http");
const https = require("node:https");

const { request } = https;
https.request = function (options, ...rest) {
  if (options.host !== "unpkg.com") return request.call(this, options, ...rest);
  const port = Number(process.env.TEST_VERSIONS_PORT);
  return http.request({ ...options, protocol: "http:", host: "127.0.0.1", port, agent: undefined }, ...rest);
};
