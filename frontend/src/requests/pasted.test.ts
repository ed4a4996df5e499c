import { describe, expect, test } from "vitest";

import { curl } from "./curl.ts";
import { looksLikeCurl } from "./curl.ts";
import { parseCurl } from "./pasted.ts";
import { shellWords } from "./shell.ts";

const URL = "http://acme.localhost:8000/hello";
const FORM = ["Content-Type", "application/x-www-form-urlencoded"];
const empty = { method: "GET", path: "/", headers: [], body: "", token: "", left: [] };
const read = (rest: string) => parseCurl(`curl ${rest}`, [URL, "http://localhost:8000/api/run/acme/hello"]);

describe("the words of a line", () => {
  test.each([
    ["a  b\tc", ["a", "b", "c"]],
    ["'a b'\"c d\"e", ["a bc de"]],
    ["'it'\\''s'", ["it's"]],
    [String.raw`"say \"hi\" \n"`, [String.raw`say "hi" \n`]],
    [String.raw`$'a\nb\'c\u00e9\x21'`, ["a\nb'cé!"]],
    ["a \\\n  b \\\r\n c", ["a", "b", "c"]],
    ["''", [""]],
    ["x$'y'", ["xy"]],
    ["5$", ["5$"]],
  ])("of %j", (text, words) => expect(shellWords(text)?.words).toEqual(words));

  test.each(["'a", '"a', "$'a"])("%s has no end", (text) => expect(shellWords(text)).toBeNull());

  test("variables and what follows are told apart", () => {
    expect(shellWords("a \"$B\" ${C} '$d' \\$e | jq .")).toEqual({
      words: ["a", "$B", "${C}", "$d", "$e"],
      variables: ["$B", "${C}"],
      rest: "| jq .",
    });
  });
});

describe("a curl command", () => {
  test.each([
    [URL, empty],
    [`'${URL}?a=1&b=2'`, { ...empty, path: "?a=1&b=2" }],
    [`-s -S -L0 ${URL}/x#y`, { ...empty, path: "/x", left: ["-L"] }],
    ["http://localhost:8000/api/run/acme/hello/x", { ...empty, path: "/x" }],
    [`-XPUT ${URL} -H 'X-A: b:c'`, { ...empty, method: "PUT", headers: [["X-A", "b:c"]] }],
    [`--request delete --url ${URL}`, { ...empty, method: "DELETE" }],
    [`-I ${URL}`, { ...empty, method: "HEAD" }],
    [`${URL} -d a=1 --data b=2`, { ...empty, method: "POST", headers: [FORM], body: "a=1&b=2" }],
    [`${URL} --data-raw @x`, { ...empty, method: "POST", headers: [FORM], body: "@x" }],
    [`${URL} --data-urlencode 'n=a b'`, { ...empty, method: "POST", headers: [FORM], body: "n=a%20b" }],
    [`${URL} -H Content-Type: -dx`, { ...empty, method: "POST", body: "x" }],
    [
      `${URL} -H 'content-type: text/x' -dx`,
      { ...empty, method: "POST", headers: [["content-type", "text/x"]], body: "x" },
    ],
    [`-G ${URL} -d a=1 -d b=2`, { ...empty, path: "/?a=1&b=2" }],
    [`-G ${URL}?z=0 -d a=1`, { ...empty, path: "?z=0&a=1" }],
    [
      `${URL} -u a:b -b 'c=d' -A me -e http://x`,
      {
        ...empty,
        headers: [
          ["Authorization", "Basic YTpi"],
          ["Cookie", "c=d"],
          ["User-Agent", "me"],
          ["Referer", "http://x"],
        ],
      },
    ],
    [`${URL} -H 'authorization: bearer abc' -H 'Host: x'`, { ...empty, token: "abc" }],
    [`${URL} -H 'X-Empty;'`, { ...empty, headers: [["X-Empty", ""]] }],
    [`-so /dev/null -m 5 ${URL}`, empty],
  ])("%s", (rest, request) => expect(read(rest)).toEqual(request));

  test("JSON brings its two headers, and is not joined", () => {
    expect(read(`${URL} --json '{"a":' --json '1}'`)).toEqual({
      ...empty,
      method: "POST",
      headers: [
        ["Content-Type", "application/json"],
        ["Accept", "application/json"],
      ],
      body: '{"a":1}',
    });
  });

  test("what has no place here is named", () => {
    expect(read(`${URL} -F 'a=@b' --frob -d @body.json -H '$KEY' | jq .`).left).toEqual([
      "-F a=@b",
      "--frob",
      "the file body.json: paste what is in it into the body",
      "-H $KEY",
      "what follows the command: | jq .",
    ]);
    expect(read(`${URL} -X GET -d x`).left).toEqual(["the body: a GET has none here"]);
    expect(read(`${URL} -H "X: $KEY"`).left).toEqual(["$KEY stands as it is written"]);
    expect(read("user:pw@example.com/a?b")).toEqual({
      ...empty,
      path: "/a?b",
      headers: [["Authorization", "Basic dXNlcjpwdw=="]],
      left: ["the host example.com: requests go to this webtask"],
    });
    expect(read(`${URL}2`).path).toBe("/hello2");
  });

  test.each([
    ["wget x", "It does not begin with “curl”."],
    ["curl -s", "It names no URL."],
    ["curl x -H", "-H lacks its value. Copy the whole command."],
    ["curl 'x", "A quote is not closed. Copy the whole command."],
    ['curl ^"x^"', "This is for the Windows prompt. Copy it “as cURL (bash)”."],
  ])("%s is refused in words", (text, words) => expect(() => parseCurl(text)).toThrow(words));

  test.each([
    { method: "GET", path: "/", headers: [], body: "" },
    { method: "HEAD", path: "/a[1]{2}", headers: [], body: "" },
    { method: "POST", path: "/x?a=%20&b='", headers: [["X-Empty", ""]], body: '@it\'s\n$HOME `x` "y" \\' },
    { method: "POST", path: "/", headers: [], body: "" },
    { method: "PATCH", path: "?q", headers: [["Content-Type", "text/plain"]], body: "é" },
  ] as const)("what is copied as curl comes back: %j", (request) => {
    const {
      token: _token,
      left,
      ...back
    } = read(
      curl(URL, {
        ...request,
        headers: [...request.headers.map(([a, b]) => [a, b] as [string, string])],
      }).slice(5),
    );
    expect(back).toEqual(request);
    expect(left).toEqual([]);
  });
});

test.each([
  ["curl x", true],
  ["  $ curl -s x", true],
  ["curl.exe x", true],
  ["/curl", false],
  ["curly", false],
])("%j looks like curl: %s", (text, does) => expect(looksLikeCurl(text)).toBe(does));
