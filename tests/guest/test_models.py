"""The three programming models and how a module hands over its function."""

import pytest

MODELS = {
    "callback": ("module.exports = function (cb) { cb(null, { model: 1 }); }", b'{"model":1}'),
    "context": ("module.exports = function (ctx, cb) { cb(null, ctx.id); }", b'"mine"'),
    "response": ("module.exports = function (ctx, req, res) { res.end(ctx.id + req.url); }", b"mine/api/run/acme/hello"),
    "returned": ("return function (cb) { cb(null, 'top-level return'); }", b'"top-level return"'),
    "byte order mark": ("\ufeffmodule.exports = cb => cb(null, 'bom')", b'"bom"'),
    "use latest": ("'use latest';\n'use npm'\nmodule.exports = cb => cb(null, 'directive')", b'"directive"'),
    "hash bang": ("#!/usr/bin/env node\nmodule.exports = cb => cb(null, 'script')", b'"script"'),
    "promise": ("module.exports = async (ctx, cb) => ({ query: ctx.query.a })", b'{"query":"1"}'),
    "promise of one parameter": ("module.exports = async cb => 'late'", b'"late"'),
    "promise of no parameter": ("module.exports = async () => ({ none: true })", b'{"none":true}'),
    "nothing promised, no parameter": ("module.exports = async () => {}", b"{}"),
    "promise, context as one parameter": ("module.exports = async ctx => ({ a: ctx.query.a })", b'{"a":"1"}'),
    "promise, callback as one parameter": (
        "module.exports = async cb => { setTimeout(() => cb(null, 'called'), 1) }", b'"called"',
    ),
    "default of a compiled ES module": (
        "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = cb => cb(null, 1)", b"1",
    ),
    "require.resolve": ("module.exports = cb => cb(null, [require.resolve('fs'), require.resolve('./hello')])", b'["fs","hello.js"]'),
    "built-in": ("const path = require('path'); module.exports = cb => cb(null, path.join('a', 'b'))", b'"a/b"'),
    "node: built-in": ("module.exports = cb => cb(null, require('node:url').parse.name)", b'"urlParse"'),
    "dynamic import": ("module.exports = async cb => typeof (await import('node:fs')).readFileSync", b'"function"'),
    "module.webtask": (
        "const { meta, secrets, params } = module.webtask; module.exports = cb => cb(null, { meta, secrets, params })",
        b'{"meta":{},"secrets":{},"params":{}}',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
async def test_each_model_answers(shared, name):
    code, body = MODELS[name]
    answer = await shared.run(code, id="mine", url="/api/run/acme/hello" if name == "response" else "/?a=1")
    assert (answer.status, answer.reason, answer.source, answer.ending) == (200, "OK", "webtask", "end")
    assert answer.body == body


FALSY = ["null", "undefined", "0", "false", "''", "NaN"]


@pytest.mark.parametrize("value", [*FALSY, "function () {}", "Symbol('s')"])
async def test_a_result_that_json_cannot_say_is_an_empty_object(shared, value):
    answer = await shared.run(f"module.exports = cb => cb(null, {value})")
    assert (answer.status, answer.body) == (200, b"{}")


async def test_results_are_json_with_their_length(shared):
    answer = await shared.run("module.exports = cb => cb(null, { text: 'é', bytes: Buffer.from([1]) })")
    assert answer.body.decode() == '{"text":"é","bytes":{"type":"Buffer","data":[1]}}'
    assert answer.headers == ["content-type", "application/json", "content-length", str(len(answer.body))]


async def test_only_the_first_callback_counts(shared):
    answer = await shared.run("module.exports = cb => { cb(null, 1); cb(new Error('late')); cb(null, 2); }")
    assert (answer.status, answer.body) == (200, b"1")
    await shared.ping()


async def test_an_async_function_may_call_back_long_after_its_promise_resolved(shared):
    code = "module.exports = async (ctx, cb) => { setTimeout(() => cb(null, 'from the timer'), 5); }"
    assert (await shared.run(code)).json == "from the timer"


async def test_a_promise_that_loses_to_the_callback_is_ignored(shared):
    answer = await shared.run("module.exports = async cb => { cb(null, 'callback'); return 'promise'; }")
    assert answer.json == "callback"


async def test_a_large_result_arrives_whole(shared):
    answer = await shared.run("module.exports = cb => cb(null, 'é'.repeat(1000000))")
    assert answer.json == "é" * 1_000_000
    assert answer.header("content-length") == ["2000002"]


FILES = {
    "main.js": "const add = require('./lib/add'); const { one } = require('./data');"
    " module.exports = cb => cb(null, [add(one, 1), require('./lib') === add, __filename, module.paths]);",
    "lib/add.js": "exports.loaded = true; const again = require('../main'); module.exports = (a, b) => a + b;",
    "lib/index.js": "module.exports = require('./add.js');",
    "data.json": '\ufeff{"one": 1}',
}


async def test_files_of_a_deployment_require_each_other_from_memory(shared):
    answer = await shared.open(shared.load("", entry="main.js", files=FILES)).answer()
    assert answer.json == [2, True, "main.js", []]


async def test_each_deployment_has_modules_of_its_own_and_compiles_once(guest):
    code = "const n = require('./count'); global.loads = (global.loads || 0) + 1; module.exports = cb => cb(null, { n: n.n += 1, loads: global.loads });"
    files = {"hello.js": code, "count.js": "exports.n = 0;"}
    first, second = guest.load("", files=files), guest.load("", files=files)
    answers = [(await guest.open(handle).answer()).json for handle in (first, first, second, first)]
    assert answers == [{"n": 1, "loads": 2}, {"n": 2, "loads": 2}, {"n": 1, "loads": 2}, {"n": 3, "loads": 2}]


async def test_a_file_that_failed_to_load_is_tried_again(guest):
    files = {
        "hello.js": "let n = 0; module.exports = cb => { try { require('./moody'); } catch (e) { n += 1; }"
        " global.calm = true; cb(null, n + require('./moody')); }",
        "moody.js": "if (!global.calm) throw new Error('not yet'); module.exports = 41;",
    }
    assert (await guest.open(guest.load("", files=files)).answer()).json == 42
