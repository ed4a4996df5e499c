"""The error table of the webtask protocol: cause, status, `error` field, source; and the shape of the bodies."""

import json

import pytest

RETURNED = "Script returned an error."
THROWN = "Script generated an unhandled synchronous exception."
LATER = "Script generated an unhandled asynchronous exception."
EXITED = "Script ended the process of its worker."
SERIAL = "Error when JSON serializing the result of the JavaScript code."
SHAPE = (
    "The JavaScript function must have one of the following signatures: ([ctx], callback) or (ctx, req, res)"
)

# name: (code, status, `error`, `details`)
FAILURES = {
    "callback error": ("module.exports = cb => cb(new Error('no'))", 400, RETURNED, "Error: no"),
    "callback error of a class": ("module.exports = cb => cb(new RangeError('far'))", 400, RETURNED, "RangeError: far"),
    "callback error with a status": (
        "module.exports = cb => cb(Object.assign(new Error('tea'), { statusCode: 418 }))", 418, RETURNED, "Error: tea",
    ),
    "callback error with a status in a string": (
        "module.exports = cb => cb({ statusCode: '404' })", 404, RETURNED, {"statusCode": "404"},
    ),
    "status that is none": ("module.exports = cb => cb({ statusCode: 99 })", 400, RETURNED, {"statusCode": 99}),
    "status above HTTP's": ("module.exports = cb => cb({ statusCode: 600 })", 400, RETURNED, {"statusCode": 600}),
    "text as callback error": ("module.exports = cb => cb('no')", 400, RETURNED, "no"),
    "object as callback error": ("module.exports = cb => cb({ why: [1] })", 400, RETURNED, {"why": [1]}),
    "cycle as callback error": (
        "module.exports = cb => { const e = {}; e.self = e; cb(e); }", 400, RETURNED, "<ref *1> { self: [Circular *1] }",
    ),
    "error from elsewhere": (
        "module.exports = cb => cb(require('vm').runInNewContext(`new Error('foreign')`))", 400, RETURNED, "Error: foreign",
    ),
    "cyclic result": (
        "module.exports = cb => { const a = {}; a.a = a; cb(null, a); }", 400, SERIAL, None,
    ),
    "BigInt result": (
        "module.exports = cb => cb(null, 1n)", 400, SERIAL, "TypeError: Do not know how to serialize a BigInt",
    ),
    "throwing toJSON": (
        "module.exports = cb => cb(null, { toJSON() { throw new Error('mine') } })", 400, SERIAL, "Error: mine",
    ),
    "throw": ("module.exports = cb => { throw new Error('no'); }", 500, THROWN, "Error: no"),
    "throw with context": ("module.exports = (ctx, cb) => { ctx.a.b; }", 500, THROWN, None),
    "throw with response": ("module.exports = (ctx, req, res) => { throw new Error('no'); }", 500, THROWN, "Error: no"),
    "throw of text": ("module.exports = cb => { throw 'no'; }", 500, THROWN, "no"),
    "throw of an error with a status": (
        "module.exports = cb => { throw Object.assign(new Error('no'), { statusCode: 404 }); }", 500, THROWN, "Error: no",
    ),
    "hostile error": (
        "module.exports = cb => { const e = new Error('x');"
        " for (const k of ['name', 'message', 'stack', 'statusCode']) Object.defineProperty(e, k, { get() { throw 1 } });"
        " cb(e); }",
        400, RETURNED, "a value that cannot be printed",
    ),
    "rejection": ("module.exports = async cb => { throw new Error('no'); }", 500, LATER, "Error: no"),
    "rejection with a status": (
        "module.exports = async (ctx, cb) => { throw Object.assign(new Error('gone'), { statusCode: 410 }); }",
        410, LATER, "Error: gone",
    ),
    "rejection with response": (
        "module.exports = async (ctx, req, res) => { throw new Error('no'); }", 500, LATER, "Error: no",
    ),
    "rejection without a reason": ("module.exports = cb => Promise.reject()", 500, LATER, None),
}  # fmt: skip
CRASHES = {
    "throw in a timer": ("module.exports = cb => { setTimeout(() => { throw new Error('no') }, 1) }", 500, LATER, "Error: no"),
    "stray rejection": ("module.exports = cb => { Promise.reject(new Error('no')) }", 500, LATER, "Error: no"),
    "throw in a microtask": ("module.exports = cb => queueMicrotask(() => { throw 'no' })", 500, LATER, "no"),
    "error event": (
        "module.exports = (ctx, req, res) => setImmediate(() => new (require('events'))().emit('error', new Error('no')))",
        500, LATER, "Error: no",
    ),
    "process.exit": ("module.exports = cb => process.exit(0)", 500, EXITED, None),
    "process.exit later": ("module.exports = cb => { setTimeout(() => process.exit(), 1) }", 500, EXITED, None),
    "process.exit that is caught": ("module.exports = cb => { try { process.exit(1) } catch { cb(null, 1) } }", 500, EXITED, None),
}  # fmt: skip
UNCOMPILED = {
    "syntax": ("\n\nlet x = ;", "Unexpected token ';'"),
    "ES module without a default": ("import fs from 'fs';", "Supplied code must return or export a function."),
    "syntax of an ES module": ("import fs from 'fs';\nlet x = ;", "Unexpected token ';'"),
    "top-level await of CommonJS": (
        "module.exports = await 1", "await is only valid in async functions and the top level bodies of modules",
    ),
    "missing package of an ES module": (
        "import 'no-such-package'; export default cb => cb()",
        "Cannot find module 'no-such-package'. hello.js requires it, but it is not installed for this webtask.",
    ),
    "missing file of an ES module": (
        "import './other'; export default cb => cb()",
        "Cannot find module './other' from hello.js. This webtask has hello.js.",
    ),
    "missing export": (
        "import { nothing } from 'node:fs'; export default cb => cb()",
        "The requested module 'node:fs' does not provide an export named 'nothing'",
    ),
    "throw while an ES module loads": ("await null; throw new Error('at load'); export default 1", "at load"),
    "TypeScript that is no JavaScript with blanks": (
        "enum A { B }\nmodule.exports = (cb: Function) => cb()", "TypeScript enum is not supported in strip-only mode",
    ),
    "throw while loading": ("throw new Error('at load')", "at load"),
    "throw of text while loading": ("throw 'text'", "'text'"),
    "process.exit while loading": (
        "process.exit(3)",
        "process.exit(3) was called. A webtask shares its process with other requests and cannot end it; answer the request instead.",
    ),
    "missing package": (
        "require('no-such-package'); module.exports = cb => cb()",
        "Cannot find module 'no-such-package'. hello.js requires it, but it is not installed for this webtask.",
    ),
    "missing file": (
        "require('./other'); module.exports = cb => cb()",
        "Cannot find module './other' from hello.js. This webtask has hello.js.",
    ),
    "file outside": (
        "require('../../etc/passwd'); module.exports = cb => cb()",
        "Cannot find module '../../etc/passwd' from hello.js. This webtask has hello.js.",
    ),
    "require of nothing": ("require()", "require() takes the name of a module; hello.js gave undefined."),
    "no function": ("module.exports = 42", "Supplied code must return or export a function."),
    "nothing": ("", "Supplied code must return or export a function."),
    "no parameter": ("module.exports = () => 1", f"{SHAPE}; it declares 0 parameters."),
    "four parameters": ("module.exports = (a, b, c, d) => 1", f"{SHAPE}; it declares 4 parameters."),
}  # fmt: skip


def check(answer, status, error, details):
    assert (answer.status, answer.source, answer.ending) == (status, "webtask", "end")
    assert answer.header("content-type") == ["application/json"]
    assert (answer.json["code"], answer.json["error"]) == (status, error)
    if details is not None:
        assert answer.json["details"] == details
    assert answer.body.decode().startswith('{\n  "code": '), "bodies are printed for people"


@pytest.mark.parametrize("name", FAILURES)
async def test_a_failure_has_its_status_and_body_and_leaves_the_process_serving(shared, name):
    code, *expected = FAILURES[name]
    check(await shared.run(code), *expected)
    assert (await shared.run("module.exports = cb => cb(null, 1)")).body == b"1"


@pytest.mark.parametrize("name", CRASHES)
async def test_a_crash_is_answered_before_the_process_ends_with_its_code(guest, name):
    code, *expected = CRASHES[name]
    check(await guest.run(code), *expected)
    assert await guest.exit == 70


@pytest.mark.parametrize("name", UNCOMPILED)
async def test_code_that_cannot_be_loaded_answers_from_the_compiler(shared, name):
    code, message = UNCOMPILED[name]
    answer = await shared.run(code)
    assert (answer.status, answer.source) == (400, "compiler")
    body = answer.json
    assert (body["code"], body["error"], body["message"]) == (400, message, f"Compilation failed: {message}")
    assert body.keys() - {"stack"} == {"code", "message", "error"}


async def test_an_error_tells_its_name_message_and_line(shared):
    answer = await shared.run("module.exports = cb => {\n\n  cb(new TypeError('no'));\n};")
    body = answer.json
    assert list(body) == ["code", "error", "details", "name", "message", "stack"]
    assert (body["name"], body["message"]) == ("TypeError", "no")
    assert "at module.exports (hello.js:3:6)" in body["stack"]


async def test_a_value_that_is_no_error_has_neither_name_nor_message(shared):
    answer = await shared.run("module.exports = cb => cb({ message: 'mine' })")
    assert answer.json == {"code": 400, "error": RETURNED, "details": {"message": "mine"}}


async def test_a_syntax_error_shows_its_line(shared):
    answer = await shared.run("module.exports = cb => {\n  let x = ;\n}")
    assert answer.json["stack"].startswith("hello.js:2\n  let x = ;\n          ^\n")


async def test_each_request_of_a_failed_load_gets_the_error(shared):
    handle = shared.load("nonsense (")
    answers = [await shared.open(handle).answer() for _ in range(2)]
    assert [answer.status for answer in answers] == [400, 400]


@pytest.mark.parametrize("status", [204, 304])
async def test_an_error_with_a_bodiless_status_has_no_body(shared, status):
    answer = await shared.run(f"module.exports = cb => cb({{ statusCode: {status} }})")
    assert (answer.status, answer.body, answer.header("content-length")) == (status, b"", [])


async def test_the_others_on_a_crashed_worker_are_left_to_the_executor(guest):
    waiting = guest.open(guest.load("module.exports = cb => {}"))
    begun = guest.open(guest.load("module.exports = (ctx, req, res) => { res.write('half'); }"))
    await begun.head()
    crashed = await guest.run("module.exports = cb => { setTimeout(() => { throw new Error('no') }, 1) }")
    assert crashed.status == 500
    assert (await waiting.answer()).ending == "death"
    assert (await begun.answer()).ending == "death"


async def test_a_crash_is_answered_even_if_the_socket_is_full_at_that_moment(guest):
    begun = guest.open(guest.load("module.exports = (ctx, req, res) => { res.write(Buffer.alloc(262144)); }"))
    await begun.head()
    guest.writer.transport.pause_reading()
    more = guest.open(guest.load("module.exports = (ctx, req, res) => { res.write(Buffer.alloc(262144)); }"))
    call = guest.open(guest.load("module.exports = cb => setImmediate(() => { throw new Error('no') })"))
    assert (await guest.line())["m"].startswith("Error: no")
    guest.writer.transport.resume_reading()
    assert (await call.answer()).json["message"] == "no"
    assert len((await more.answer()).body) == 262_144
    assert await guest.exit == 70


async def test_a_crash_after_the_head_resets_the_answer(guest):
    call = guest.open(
        guest.load("module.exports = (ctx, req, res) => { res.write('half'); setTimeout(() => nope(), 1); }")
    )
    answer = await call.answer()
    assert (answer.status, answer.body, answer.ending) == (200, b"half", "reset")
    assert await guest.exit == 70


async def test_a_throw_after_the_head_resets_the_answer_and_nothing_else(guest):
    answer = await guest.run(
        "module.exports = (ctx, req, res) => { res.write('half'); throw new Error('no'); }"
    )
    assert (answer.status, answer.ending) == (200, "reset")
    assert "Error: no" in (await guest.line())["m"]
    await guest.ping()


async def test_a_listener_that_throws_is_its_invocations_crash(guest):
    handle = guest.load(
        "module.exports = (ctx, req, res) => { req.on('data', () => { throw new Error('listener') }); }"
    )
    answer = await guest.post(handle, b"x").answer()
    assert (answer.status, answer.json["message"]) == (500, "listener")
    assert await guest.exit == 70


async def test_a_crash_while_no_invocation_runs_is_logged(guest):
    guest.load("setTimeout(() => { throw new Error('in the background') }, 1); module.exports = cb => cb()")
    line = await guest.line()
    assert (line["l"], line["i"]) == ("error", "")
    assert line["m"].startswith("Error: in the background\n    at Timeout._onTimeout (hello.js:1:26)")
    assert await guest.exit == 70


async def test_the_log_names_the_invocation_at_fault(guest):
    await guest.run("module.exports = cb => { throw new Error('no') }")
    line = await guest.line()
    assert (line["l"], line["i"], line["m"].split("\n")[0]) == ("error", "call-1", "Error: no")


async def test_an_error_larger_than_the_credit_still_arrives(shared):
    answer = await shared.run("module.exports = cb => cb('x'.repeat(600000))")
    assert len(json.loads(answer.body)["details"]) == 600_000
