import { expect, test } from "vitest";

import { envIn } from "./env.ts";

const fetching = (body: string, parameters = "request, env") =>
  `export default {\n  async fetch(${parameters}) {\n    ${body}\n  },\n};\n`;

test.each([
  ["return new Response(env.API_KEY)", ["API_KEY"]],
  ["env?.A; env . B; env['with-dash']; env[\"C\"]", ["A", "B", "with-dash", "C"]],
  ["const { A, B: b, C = 1, ...rest } = env;", ["A", "B", "C"]],
  ["// env.A\n/* env.B */", []],
  ["process.env.A; it.env.B; environment.C; $env.D", []],
  ["env[name]; env.hasOwnProperty('A'); helper(env)", []],
  ["const { A } = env.OTHER;", ["OTHER"]],
])("%s", (body, names) => expect(envIn(fetching(body)).map(({ name }) => name)).toEqual(names));

test.each([
  ["request, { A, B = '' }", "return A", ["A", "B"]],
  ["request, $e", "return $e.A", ["A"]],
  ["request: Request, env: Webtask.Env", "return env.A", ["A"]],
  ["request", "return env.A", []],
])("fetch(%s)", (parameters, body, names) =>
  expect(envIn(fetching(body, parameters)).map(({ name }) => name)).toEqual(names),
);

test.each([
  ["another model", "module.exports = (ctx, env) => env.A;"],
  ["another thing of that name", `const env = process.env;\n${fetching("return env.A")}`],
])("nothing of %s", (_, code) => expect(envIn(code)).toEqual([]));

test("each stands where it is said", () => {
  const code = fetching("/* é */ const { A } = env; return env.B + env['C'];");
  const found = envIn(code);
  expect(found.map(({ name }) => name)).toEqual(["A", "B", "C"]);
  for (const { name, start, end } of found) expect(code.slice(start, end)).toBe(name);
});
