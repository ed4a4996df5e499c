"""What becomes of what goes wrong."""

from tests.clients.differential.case import (
    ANSWERS_CRASH,
    DOCUMENTED_STACK,
    DOCUMENTED_STATUS,
    ERRORS_ONLY,
    Case,
)

_STACK = {"body.stack": DOCUMENTED_STACK}
_CRASH = {"status": ANSWERS_CRASH, "header": ANSWERS_CRASH, "body": ANSWERS_CRASH}


def _given(name: str, value: str) -> Case:
    return Case(name=f"error, {name}", code=f"module.exports = cb => cb({value});")


CASES = (
    Case(name="error, an Error", code="module.exports = cb => cb(new Error('bad'));", differs=_STACK),
    Case(name="error, a TypeError", code="module.exports = cb => cb(new TypeError('bad'));", differs=_STACK),
    Case(name="error, one of the code's own", code="class Own extends Error { get name() { return 'Own'; } }\nmodule.exports = cb => cb(new Own('bad'));", differs=_STACK),
    Case(name="error, without a message", code="module.exports = cb => cb(new Error());", differs=_STACK),
    Case(name="error, with a status", code="module.exports = cb => cb(Object.assign(new Error('gone'), { statusCode: 410 }));",
         differs={**_STACK, "status": DOCUMENTED_STATUS, "body.code": DOCUMENTED_STATUS}),
    Case(name="error, an object with a status", code="module.exports = cb => cb({ statusCode: 404, message: 'none' });",
         differs={"status": DOCUMENTED_STATUS, "body.code": DOCUMENTED_STATUS, "body.message": ERRORS_ONLY}),
    Case(name="error, no status", code="module.exports = cb => cb(Object.assign(new Error('bad'), { statusCode: 'x' }));", differs=_STACK),
    Case(name="error, a code is no status", code="module.exports = cb => cb(Object.assign(new Error('bad'), { code: 'ENOENT' }));", differs=_STACK),
    _given("a text", "'bad'"),
    _given("a number", "7"),
    _given("true", "true"),
    _given("an object", "{ a: 1, b: { c: [2] } }"),
    _given("an array", "[1, 'two']"),
    Case(name="error, and data", code="module.exports = cb => cb('bad', { data: 1 });"),
    Case(name="error, empty text is none", code="module.exports = cb => cb('', 1);"),
    Case(name="error, zero is none", code="module.exports = cb => cb(0, 1);"),
    Case(name="error, later", code="module.exports = cb => setTimeout(() => cb(new RangeError('later')), 5);", differs=_STACK),
    Case(name="throws", code="module.exports = cb => { throw new Error('sync'); };", differs=_STACK),
    Case(name="throws, with ctx", code="module.exports = (ctx, cb) => ctx.no.such;", differs=_STACK),
    Case(name="throws, arity 3", code="module.exports = (ctx, req, res) => { throw new Error('sync'); };", differs=_STACK),
    Case(name="throws a text", code="module.exports = cb => { throw 'sync'; };"),
    Case(name="throws an object", code="module.exports = cb => { throw { a: 1 }; };"),
    Case(name="throws, its status counts for nothing", code="module.exports = cb => { throw Object.assign(new Error('sync'), { statusCode: 404 }); };", differs=_STACK),
    Case(name="unserialisable, a cycle", code="module.exports = cb => { const a = {}; a.a = a; cb(null, a); };", differs=_STACK),
    Case(name="unserialisable, a bigint", code="module.exports = cb => cb(null, 1n);", differs=_STACK),
    Case(name="unserialisable, toJSON throws", code="module.exports = cb => cb(null, { toJSON() { throw new Error('no'); } });", differs=_STACK),
    Case(name="uncaught, later", code="module.exports = cb => setTimeout(() => { throw new Error('async'); }, 1);", differs=_CRASH),
    Case(name="uncaught, later, a text", code="module.exports = cb => setTimeout(() => { throw 'async'; }, 1);", differs=_CRASH),
    Case(name="rejected", code="module.exports = async cb => { throw new Error('rejected'); };", differs=_CRASH),
)  # fmt: skip
