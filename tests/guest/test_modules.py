"""ES modules and TypeScript: told by name or by syntax, loaded from memory, without a build step."""

import pytest

FORMS = {
    "default function": "export default (ctx, cb) => cb(null, ctx.query.a)",
    "default async function": "export default async function (ctx) { return ctx.query.a }",
    "import of Node's": "import { parse } from 'node:querystring'; export default async ctx => parse('a=1').a",
    "default import of Node's": "import fs, { statSync } from 'fs'; export default async () => String(+(fs.statSync === statSync))",
    "top-level await": "const a = await Promise.resolve('1'); export default async () => a",
    "top-level await that takes time": "await new Promise(go => setTimeout(go, 20)); export default async () => '1'",
    "import.meta": "export default async () => import.meta.url === 'file:///hello.js' && import.meta.main ? '1' : '2'",
    "import.meta.webtask": "export default async () => import.meta.webtask.secrets.a",
    "import()": "export default async () => (await import('node:querystring')).parse('a=1').a",
    "response": "export default (ctx, req, res) => { res.setHeader('content-type', 'application/json'); res.end('\"1\"') }",
    "byte order mark": "\ufeffexport default async () => '1'",
    "TypeScript, CommonJS": "interface A { a: string }\nmodule.exports = async (ctx: { query: A }): Promise<string> => ctx.query.a",
    "TypeScript, ES module": "import type { Stats } from 'node:fs';\nexport default async (ctx: any) => ctx.query.a as string",
    "return": "const a: string = '1'; return (cb: Function) => cb(null, a)",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
async def test_each_form_answers(shared, form):
    deployment = shared.load(FORMS[form], secrets={"a": "1"})
    calls = [shared.open(deployment, url="/?a=1") for _ in range(2)]
    for answer in [await call.answer() for call in calls]:
        assert (answer.status, answer.source, answer.body) == (200, "webtask", b'"1"')


FILES = {
    "main.mjs": "import add, { one } from './lib/add.js'; import { two } from './common.cjs'; import data from './data.json';"
    " import whole from './common.cjs'; import { three } from './typed'; import './self.mjs';"
    " const { late } = await import('./late.mjs');"
    " export default async () => [add(one, 1), two, data.x, whole.two, three, late, import.meta.dirname];",
    "lib/add.js": "export const one = 1; export default (a, b) => a + b; export { two as again } from '../common.cjs'",
    "common.cjs": "exports.two = 2;",
    "data.json": '{"x": "data"}',
    "typed.ts": "export const three: number = 3",
    "late.mjs": "import { one } from './lib/add.js'; export const late = one + 10",
    "self.mjs": "import './main.mjs'",
}


async def test_files_import_each_other_from_memory(shared):
    answer = await shared.open(shared.load("", entry="main.mjs", files=FILES)).answer()
    assert answer.json == [2, 2, "data", 2, 3, 11, "."]


async def test_common_js_requires_and_imports_es_modules(shared):
    files = {
        "hello.js": "const { a } = require('./a.mjs'); module.exports = async () => [a, (await import('./b.mjs')).b]",
        "a.mjs": "import { join } from 'node:path'; export const a = join('a', 'b')",
        "b.mjs": "await null; export const b = 'b'",
    }
    assert (await shared.open(shared.load("", files=files)).answer()).json == ["a/b", "b"]


async def test_require_does_not_wait_for_a_top_level_await(shared):
    files = {
        "hello.js": "require('./b.mjs'); module.exports = cb => cb()",
        "b.mjs": "await null; export const b = 'b'",
    }
    answer = await shared.open(shared.load("", files=files)).answer()
    assert (answer.status, answer.source) == (400, "compiler")
    assert answer.json["error"] == "require() cannot wait for b.mjs: it has a top-level await. Use import()."


async def test_what_a_stack_names_is_the_file_and_line_that_was_written(shared):
    code = "type A = string\nexport default async (ctx: any) => {\n  throw new Error('no')\n}"
    answer = await shared.run(code)
    assert "at hello.js:3:9" in answer.json["stack"] or "(hello.js:3:9)" in answer.json["stack"]


async def test_a_request_waits_with_its_body_until_the_code_is_there(shared):
    code = "await new Promise(go => setTimeout(go, 30)); export default (ctx, cb) => cb(null, ctx.body.n)"
    deployment = shared.load(code)
    calls = [shared.post(deployment, b'{"n": %d}' % number) for number in range(3)]
    assert [(await call.answer()).json for call in calls] == [{}, 1, 2]


async def test_who_leaves_while_the_code_loads_is_not_served(guest):
    code = "await new Promise(go => { global.go = go }); export default async () => { console.log('ran') }"
    gone = guest.open(guest.load(code))
    gone.reset()
    answer = await guest.run("module.exports = async () => { global.go(); console.log('over') }")
    assert answer.status == 200
    assert (await guest.line())["m"] == "over"
    await guest.ping()
    assert guest.lines.empty()


async def test_loading_leaves_no_word_about_experiments_in_the_log(guest):
    assert (
        await guest.run("const a: number = 1\nexport default async () => { console.log('mine'); return a }")
    ).json == 1
    assert (await guest.line())["m"] == "mine"
