"use strict";

// The `ctx` of user code.

const { IncomingMessage } = require("node:http");
const querystring = require("node:querystring");

const { hasOwn, isArray, keys, parse } = require("./primordials");
const { Storage } = require("./storage");
const { createToken, createTokenUrl } = require("./tokens");

const encode = encodeURIComponent;
const parseQuery = querystring.parse;
// Node's rules for repeated headers are a method of every request; one idle request lends it.
const headerRules = /** @type {any} */ (new IncomingMessage(/** @type {any} */ (null)));

/** @typedef {import('./invocation').Invocation} Invocation */
/** @typedef {import('./loader').Deployment} Deployment */
/** @typedef {import('./loader').Program} Program */
/** @typedef {Record<string, any>} Values */

/**
 * @param {string} url
 * @returns {Values} everything in the query, as `req.query` has it
 */
function queryOf(url) {
  const mark = url.indexOf("?");
  return mark < 0 ? {} : { ...parseQuery(url.slice(mark + 1)) };
}

/**
 * @param {string[]} flat
 * @returns {Values}
 */
function headersOf(flat) {
  const headers = {};
  for (let i = 0; i < flat.length; i += 2) headerRules._addHeaderLine(flat[i], flat[i + 1], headers);
  return headers;
}

/**
 * The part of the query that belongs to user code. On a run of ad-hoc code `key` is the caller's credential.
 *
 * @param {Values} query
 * @param {Deployment} deployment
 * @returns {Values}
 */
function visible(query, deployment) {
  /** @type {Values} */
  const seen = {};
  const names = keys(query);
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    if (name.startsWith("webtask_") || (name === "key" && deployment.webtask === null)) continue;
    seen[name] = query[name];
  }
  return seen;
}

/**
 * @param {Values} headers
 * @param {string} text
 * @returns {any} undefined when the type is unknown or the text does not parse
 */
function parseBody(headers, text) {
  const type = String(headers["content-type"] ?? "")
    .split(";", 1)[0]
    .trim()
    .toLowerCase();
  if (type === "application/x-www-form-urlencoded") return { ...parseQuery(text) };
  if (type !== "application/json") return undefined;
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @param {Values} data
 * @param {unknown} body
 */
function merge(data, body) {
  if (typeof body !== "object" || body === null || isArray(body)) return;
  const names = keys(body);
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    // `data['__proto__'] = …` would not set a key but replace the prototype.
    if (name !== "__proto__" && !hasOwn(data, name)) data[name] = /** @type {Values} */ (body)[name];
  }
}

/**
 * @param {Invocation} invocation
 * @param {Values} query
 * @param {string | null} raw  the body's text; null when it is not for `ctx`
 */
function createContext(invocation, query, raw) {
  const { deployment } = invocation.program;
  const own = visible(query, deployment);
  /** @type {Values} */
  const context = {
    data: { ...own, ...deployment.params, ...deployment.secrets },
    query: own,
    params: { ...deployment.params },
    secrets: { ...deployment.secrets },
    meta: { ...deployment.meta },
    headers: headersOf(invocation.request.headers),
    id: invocation.id,
    storage: new Storage(deployment),
    create_token: createToken,
    create_token_url: createTokenUrl,
    token: deployment.token || undefined,
  };
  if (raw === null) return context;
  context.body_raw = raw;
  const body = parseBody(context.headers, raw);
  if (body === undefined) return context;
  context.body = body;
  if (deployment.merge_body === 1 || hasOwn(query, "webtask_mb")) merge(context.data, body);
  return context;
}

/**
 * Where the original kept the code of a named webtask, as its token said.
 *
 * @param {Deployment} deployment
 * @returns {string | undefined}
 */
function codeOf({ team, webtask }) {
  return webtask === null ? undefined : `webtask://localhost/api/data/code/${team}%2F${encode(webtask)}`;
}

/**
 * @param {Program} program
 * @returns {Record<string, string>} versions of packages by name: as installed, and as the publisher asked for them
 */
function dependenciesOf({ packages, deployment }) {
  try {
    return { ...parse(deployment.meta["wt-node-dependencies"] ?? "{}"), ...packages.versions };
  } catch {
    return { ...packages.versions };
  }
}

/**
 * `req.x_wt`, which the published adapters and middleware read.
 *
 * @param {Invocation} invocation
 */
function describeInvocation({ id, program, request }) {
  const { deployment } = program;
  const { slot } = deployment;
  return {
    container: deployment.team,
    jtn: deployment.webtask ?? undefined,
    jti: deployment.jti || (slot.startsWith("token:") ? slot.slice("token:".length) : undefined),
    url: (program.place ??= deployment.url || codeOf(deployment)),
    url_format: request.url_format,
    pb: deployment.parse_body ?? 2,
    mb: deployment.merge_body,
    pctx: deployment.params,
    ectx: deployment.secrets,
    meta: deployment.meta,
    token: deployment.token || undefined,
    req_id: id,
    resolved_modules: (program.resolved ??= dependenciesOf(program)),
  };
}

exports.createContext = createContext;
exports.describeInvocation = describeInvocation;
exports.queryOf = queryOf;
