"""Compilers (`wt-compiler`), middleware (`wt-middleware`), and what is built in for both."""

import json

import pytest

COMPILER = "https://example.com/compiler.js"
FIRST, SECOND = "https://example.com/first.js", "https://example.com/second.js"


def compiled(guest, compiler, script, **changes):
    files = {"hello.js": script, COMPILER: compiler}
    return guest.load("", files=files, meta={"wt-compiler": COMPILER, "a": "meta"}, **changes)


COMPILERS = {
    "text to function": (
        "module.exports = ({ script }, cb) => cb(null, done => done(null, script.toUpperCase()))", "hello", b'"HELLO"',
    ),
    "what it is told": (
        "module.exports = (o, cb) => cb(null, async () => [o.secrets.s, o.meta.a, typeof o.nodejsCompiler])", "x",
        b'["1","meta","function"]',
    ),
    "nodejsCompiler": (
        "module.exports = ({ script, nodejsCompiler }, cb) => nodejsCompiler(script, (err, four) =>"
        " err ? cb(err) : cb(null, (ctx, req, res) => res.end(String(four(1, 2, 3, 4)))))",
        "module.exports = (a, b, c, d) => a + b + c + d", b"10",
    ),
    "an ES module": (
        "module.exports = ({ script, nodejsCompiler }, cb) => nodejsCompiler(script, (err, f) => cb(err, done => done(null, f())))",
        "import { join } from 'node:path'; export default () => join('a', 'b')", b'"a/b"',
    ),
    "later": ("module.exports = (o, cb) => setTimeout(() => cb(null, cb => cb(null, 1)), 5)", "x", b"1"),
    "an ES module that compiles": ("export default ({ script }, cb) => cb(null, done => done(null, script))", "x", b'"x"'),
}  # fmt: skip


@pytest.mark.parametrize("name", COMPILERS)
async def test_a_compiler_makes_the_function(shared, name):
    compiler, script, body = COMPILERS[name]
    deployment = compiled(shared, compiler, script, secrets={"s": "1"})
    for _ in range(2):
        answer = await shared.open(deployment).answer()
        assert (answer.status, answer.source, answer.body) == (200, "webtask", body)


BROKEN = {
    "an error": ("module.exports = (o, cb) => cb(new Error('not this'))", "not this"),
    "a throw": ("module.exports = () => { throw new Error('thrown') }", "thrown"),
    "no compiler": ("module.exports = 42", f"The compiler '{COMPILER}' is no function."),
    "no function": (
        "module.exports = (o, cb) => cb(null, 42)",
        "Supplied code must return or export a function.",
    ),
    "what does not compile": ("let x = ;", "Unexpected token ';'"),
    "the script does not compile": (
        "module.exports = ({ nodejsCompiler }, cb) => nodejsCompiler('let x = ;', cb)",
        "Unexpected token ';'",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_a_compiler_that_fails_is_a_failed_compilation(shared, name):
    compiler, message = BROKEN[name]
    answer = await shared.open(compiled(shared, compiler, "x")).answer()
    assert (answer.status, answer.source, answer.json["error"]) == (400, "compiler", message)


async def test_a_compiler_that_is_not_there(shared):
    for name, message in {
        "no-such/thing": "Cannot find module 'no-such'. hello.js requires it, but it is not installed for this webtask.",
        "https://example.com/absent.js": "The code at https://example.com/absent.js was not handed in.",
        "a/b/c": "'a/b/c' is none of: a module, module/export, the URL of a module's code",
        "node:path/join": None,
    }.items():
        answer = await shared.open(shared.load("x", meta={"wt-compiler": name})).answer()
        assert (answer.status, answer.source) == (400, "compiler")
        assert message is None or answer.json["error"] == message


# -- middleware ----------------------------------------------------------------------------------------------


def pipeline(guest, middleware, script, *, first="", second="", meta=None, **changes):
    files = {"hello.js": script, FIRST: first, SECOND: second}
    facts = {"wt-compiler": "@webtask/middleware-compiler", "wt-middleware": middleware, **(meta or {})}
    return guest.load("", files=files, meta=facts, **changes)


ADDS = "module.exports = () => (req, res, next) => { (req.webtaskContext.seen ??= []).push('%s'); next() }"
SHOWS = "module.exports = (ctx, cb) => cb(null, { seen: ctx.seen, body: ctx.body, compiler: typeof ctx.compiler })"


@pytest.mark.parametrize(
    "middleware", [f"{FIRST},{SECOND}", json.dumps([FIRST, SECOND]), f" {FIRST} , {SECOND},"]
)
async def test_middleware_runs_in_turn_and_then_the_webtask(shared, middleware):
    deployment = pipeline(shared, middleware, SHOWS, first=ADDS % "first", second=ADDS % "second")
    for _ in range(2):
        answer = await shared.post(deployment, b'{"a": 1}').answer()
        assert answer.json == {"seen": ["first", "second"], "body": {"a": 1}, "compiler": "undefined"}


async def test_middleware_may_answer_itself(shared):
    first = "module.exports = () => (req, res, next) => { res.statusCode = 202; res.end('mine') }"
    answer = await shared.open(pipeline(shared, FIRST, "no code at all", first=first)).answer()
    assert (answer.status, answer.body) == (202, b"mine")


ERRORS = {
    "with a status": ("next(Object.assign(new Error('tea'), { statusCode: 418, code: 'T', data: [1] }))", 418,
                      {"message": "tea", "statusCode": 418, "code": "T", "data": [1]}),
    "without": ("next(new Error('secret'))", 500, {"message": "Server error", "statusCode": 500}),
    "a text": ("next('secret')", 500, {"message": "Server error", "statusCode": 500}),
    "thrown": ("throw Object.assign(new Error('no'), { statusCode: 403 })", 403, {"message": "no", "statusCode": 403}),
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
async def test_an_error_of_middleware_is_the_answer(shared, name):
    statement, status, body = ERRORS[name]
    first = f"module.exports = () => (req, res, next) => {{ {statement} }}"
    answer = await shared.open(pipeline(shared, FIRST, SHOWS, first=first)).answer()
    assert (answer.status, answer.json) == (status, body)


FORMS = {
    "callback": ("module.exports = cb => cb(null, 0)", b"0"),
    "context": ("module.exports = (ctx, cb) => cb(null, ctx.query.a)", b'"1"'),
    "response": ("module.exports = (ctx, req, res) => res.end('plain')", b"plain"),
    "promise": ("module.exports = async (ctx, cb) => ctx.query.a", b'"1"'),
    "error": ("module.exports = cb => cb(Object.assign(new Error('no'), { statusCode: 404 }))", b'{"message":"no","statusCode":404}'),
    "four": ("module.exports = (a, b, c, d) => 1", b'{"message":"Server error","statusCode":500}'),
    "syntax": ("let x = ;", b'{"message":"Server error","statusCode":500}'),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
async def test_the_webtask_behind_middleware_has_any_form(shared, form):
    script, body = FORMS[form]
    answer = await shared.open(pipeline(shared, "", script), url="/?a=1").answer()
    assert answer.body == body


async def test_a_list_that_is_none_fails_to_compile(shared):
    answer = await shared.open(pipeline(shared, '{"a": 1}', SHOWS)).answer()
    assert (answer.status, answer.source) == (400, "compiler")


async def test_debugging_shows_in_the_log(guest):
    deployment = pipeline(guest, FIRST, SHOWS, first=ADDS % "x", meta={"wt-debug": "a,wt-middleware"})
    await guest.open(deployment).answer()
    assert (await guest.line())["m"] == f"Calling middleware 0: {FIRST}"


# -- built in ------------------------------------------------------------------------------------------------


async def asked(guest, middleware, *headers, script="module.exports = cb => cb(null, 'in')", **changes):
    deployment = pipeline(guest, middleware, script, **changes)
    return await guest.open(deployment, headers=list(headers)).answer()


@pytest.mark.parametrize("scope", ["@webtask/", ""])
async def test_bearer_auth(shared, scope):
    name, secrets = f"{scope}bearer-auth-middleware", {"wt-auth-secret": "s3"}
    refused = await asked(shared, name, secrets=secrets)
    assert (refused.status, refused.json["message"]) == (401, "Unauthenticated extensibility point")
    assert (await asked(shared, name, "Authorization", "Bearer s4", secrets=secrets)).status == 401
    assert (await asked(shared, name, "Authorization", "bearer s3", secrets=secrets)).json == "in"
    assert (await asked(shared, name)).json == "in"


async def test_cron_auth(shared):
    name = "@webtask/cron-auth-middleware"
    refused = await asked(shared, name, "Authorization", "Bearer a.b.c")
    assert (refused.status, refused.json["message"]) == (403, "Unauthorized extensibility point")
    assert (await asked(shared, name, "Authorization", "Bearer a.b.c", token="a.b.c")).json == "in"


async def test_async_function(shared):
    script = "module.exports = async context => ({ a: typeof context.secrets })"
    name = "@webtask/async-function-middleware"
    assert (await asked(shared, name, script=script)).json == {"a": "object"}


async def test_optional_compiler(shared):
    first = "module.exports = () => (req, res, next) => { req.webtaskContext.compiler.script = cb => cb(null, 'made'); next() }"
    for name in ("@webtask/optional-compiler-middleware", "optional-compiler"):
        assert (await asked(shared, f"{name},{FIRST}", first=first)).json == "made"


# In place of an issuer: its keys, and a token of its making in the request.
ISSUER = """
const { generateKeyPairSync, createSign } = require('crypto');
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const part = value => Buffer.from(JSON.stringify(value)).toString('base64url');
globalThis.fetch = async url => ({ json: async () => url === 'https://issuer/.well-known/jwks.json'
  ? { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k' }] } : {} });
module.exports = () => (req, res, next) => {
  const signed = part({ alg: 'RS256', kid: 'k' }) + '.' + part(JSON.parse(req.headers.claims));
  const mark = createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url');
  req.headers.authorization = 'Bearer ' + signed + '.' + mark;
  next();
};
"""
GOOD = {"iss": "https://issuer/", "aud": ["us"], "scope": "wt:owner:acme", "exp": 4_000_000_000}


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        (GOOD, 200),
        ({**GOOD, "scope": ["run"]}, 200),
        ({**GOOD, "scope": "wt:admin other"}, 200),
        ({**GOOD, "scope": "wt:owner:other"}, 403),
        ({**GOOD, "scope": None}, 403),
        ({**GOOD, "aud": "them"}, 401),
        ({**GOOD, "iss": "https://other/"}, 401),
        ({**GOOD, "exp": 1}, 401),
        ({**GOOD, "exp": None}, 401),
    ],
)
async def test_jwt(shared, claims, status):
    meta = {
        "wt-authorize-execution": "1", "wt-execution-iss": "https://issuer/", "wt-execution-aud": "us",
        "wt-execution-scope": "run",
    }  # fmt: skip
    names = f"{FIRST},@webtask/jwt-middleware"
    answer = await asked(shared, names, "claims", json.dumps(claims), first=ISSUER, meta=meta)
    assert (answer.status, answer.json) == (
        (200, "in") if status == 200 else (status, {"message": "UnauthorizedError", "statusCode": status})
    )


@pytest.mark.parametrize("missing", ["iss", "aud"])
async def test_jwt_lets_nobody_in_where_it_is_not_said_who_may(shared, missing):
    meta = {"wt-authorize-execution": "1", "wt-execution-iss": "https://issuer/", "wt-execution-aud": "us"}
    del meta[f"wt-execution-{missing}"]
    claims = {name: value for name, value in GOOD.items() if name != missing}
    names = f"{FIRST},@webtask/jwt-middleware"
    answer = await asked(shared, names, "claims", json.dumps(claims), first=ISSUER, meta=meta)
    assert answer.status == 401


async def test_jwt_that_is_not_asked_for_or_not_shown(shared):
    name = "jwt-middleware"
    assert (await asked(shared, name, meta={"wt-authorize-execution": "0"})).json == "in"
    assert (await asked(shared, name, meta={"wt-authorize-execution": "1"})).status == 401
