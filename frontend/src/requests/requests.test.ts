import { describe, expect, test } from "vitest";

import type { RunResult } from "../lib/types.ts";
import { contentType, failure, pretty, size, based, isPage } from "./body.ts";
import { curl, joined } from "./curl.ts";
import { parseHeaders } from "./headers.ts";
import { wirePath } from "./request.svelte.ts";

const URL = "http://acme.localhost:8000/hello";
const request = { method: "GET", path: "/", headers: [], body: "" };

describe("curl", () => {
  test("the simplest call is the simplest line", () => {
    expect(curl(URL, request)).toBe(`curl ${URL}`);
  });

  test("method, query, headers and body survive a shell", () => {
    const line = curl(URL, {
      method: "PUT",
      path: "/a?b=1&c=2",
      headers: [["X-Name", "it's"]],
      body: '{"a":1}',
    });
    expect(line).toBe(
      `curl -X PUT '${URL}/a?b=1&c=2' -H 'X-Name: it'\\''s' -H Content-Type: --data-raw '{"a":1}'`,
    );
  });

  test("a body alone means POST to curl, and a POST without one must be said", () => {
    expect(curl(URL, { ...request, method: "POST", body: "x" })).toBe(
      `curl ${URL} -H Content-Type: --data-raw x`,
    );
    expect(curl(URL, { ...request, method: "POST" })).toBe(`curl -X POST ${URL}`);
  });

  test("a path may be a query, or lack its slash", () => {
    expect(joined(URL, "?a=1")).toBe(`${URL}?a=1`);
    expect(joined(URL, "x")).toBe(`${URL}/x`);
  });
});

test.each([
  ["", "/"],
  ["a b", "/a%20b"],
  ["?name=Zoë", "?name=Zo%C3%AB"],
  ["/a%20b?c=%2F", "/a%20b?c=%2F"],
])("the path %j travels as %s", (typed, sent) => expect(wirePath(typed)).toBe(sent));

describe("headers", () => {
  test("are read line by line, values may hold colons and be empty", () => {
    expect(parseHeaders("Accept: text/html\n\nX-Url: http://a:1\nX-Empty:")).toEqual({
      headers: [
        ["Accept", "text/html"],
        ["X-Url", "http://a:1"],
        ["X-Empty", ""],
      ],
      error: "",
    });
  });

  test.each(["nonsense", ": value", "Bad Name: x"])("%s names the line", (line) => {
    expect(parseHeaders(`A: b\n${line}`).error).toBe("Line 2 is not “Name: value”.");
  });
});

describe("body", () => {
  const result = (body: string, change: Partial<RunResult> = {}): RunResult => ({
    status: 200,
    reason: "OK",
    headers: [["Content-Type", "application/json"]],
    body,
    body_encoding: "utf-8",
    truncated: false,
    milliseconds: 1,
    invocation: "a",
    label: "draft",
    source: "webtask",
    timing: null,
    ...change,
  });

  test("JSON is indented, anything else is left alone", () => {
    expect(pretty(result('{"a":1}'))).toBe('{\n  "a": 1\n}');
    expect(pretty(result("<p>"))).toBeNull();
    expect(pretty(result("{broken"))).toBeNull();
    expect(pretty(result('{"a":1}', { truncated: true }))).toBeNull();
  });

  test("a script's error is read out of the answer, anything else is not", () => {
    const body = JSON.stringify({ code: 500, message: "broken", stack: "Error: broken\n    at a.js:2:9" });
    expect(failure(result(body, { status: 500 }))).toEqual({
      message: "broken",
      stack: "Error: broken\n    at a.js:2:9",
    });
    expect(failure(result(body))).toBeNull();
    expect(failure(result("Bad gateway", { status: 502 }))).toBeNull();
    expect(failure(result('{"code":404,"message":"no"}', { status: 404 }))).toBeNull();
  });

  test("sizes are bytes as they travelled", () => {
    expect(size(result("é"))).toBe(2);
    expect(size(result("AAE=", { body_encoding: "base64" }))).toBe(2);
  });

  test("the content type is found whatever its case", () => {
    expect(contentType(result("").headers)).toBe("application/json");
  });
});

describe("a page", () => {
  const answer = (type: string, body = "<p>", more: Partial<RunResult> = {}) =>
    isPage({ headers: [["Content-Type", type]], body, body_encoding: "utf-8", ...more } as RunResult);

  test("is HTML that came whole", () => {
    expect(answer("text/html; charset=utf-8")).toBe(true);
    expect([
      answer("text/plain"),
      answer("text/html", ""),
      answer("text/html", "x", { truncated: true }),
    ]).toEqual([false, false, false]);
  });

  test("has the addresses that it would have at its URL", () => {
    const url = 'https://a.b/hello?"<';
    const base = '<base href="https://a.b/hello?&#34;&#60;">';
    expect(based("<p>", url)).toBe(`${base}<p>`);
    expect(based("<!-- x -->\n<!DOCTYPE html>\n<html>", url)).toBe(
      `<!-- x -->\n<!DOCTYPE html>${base}\n<html>`,
    );
    expect(based('<base href="/x"><p>', url)).toBe('<base href="/x"><p>');
  });
});
