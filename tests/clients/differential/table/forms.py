"""How code hands over its function, and what is around it while it loads."""

from tests.clients.differential.case import COMPILATION, MODERN, Case

_UNCOMPILED = {"body": COMPILATION}

CASES = (
    Case(name="exports, arity 1", code="module.exports = function (cb) { cb(null, 'hello'); };"),
    Case(name="exports, arity 2", code="module.exports = function (ctx, cb) { cb(null, 'hello'); };"),
    Case(name="exports, arity 3", code="module.exports = function (ctx, req, res) { res.end('hello'); };"),
    Case(name="returns, arity 1", code="return function (cb) { cb(null, 'hello'); };"),
    Case(name="returns, arity 2", code="return function (ctx, cb) { cb(null, 'hello'); };"),
    Case(name="returns, arity 3", code="return function (ctx, req, res) { res.end('hello'); };"),
    Case(name="returns an arrow", code="return cb => cb(null, 1);"),
    Case(name="return wins over exports", code="module.exports = cb => cb(null, 1); return cb => cb(null, 2);"),
    Case(name="exports by name count for nothing", code="exports.main = cb => cb(null, 1);", differs=_UNCOMPILED),
    Case(name="a byte order mark", code="\ufeffmodule.exports = cb => cb(null, 'bom');"),
    Case(name="use latest", code="'use latest';\nmodule.exports = cb => cb(null, [1, 2].map(x => x * 2));"),
    Case(name="use latest, rest of an object", code='"use latest"; const { a, ...b } = { a: 1, b: 2 }; module.exports = cb => cb(null, b);'),
    Case(name="use latest, today's syntax", code="'use latest'; module.exports = cb => cb(null, [null?.a ?? 'new']);", differs={"status": MODERN, "body": MODERN}),
    Case(name="use npm", code='"use npm";\nconst fs = require("fs"); module.exports = cb => cb(null, typeof fs.stat);'),
    Case(name="use latest and npm", code='"use latest"; "use npm";\nmodule.exports = cb => cb(null, 1);'),
    Case(name="default parameters shorten the arity", code="module.exports = (cb, more = 1) => cb(null, more);"),
    Case(name="what the module knows", code="module.exports = cb => cb(null, [typeof module, typeof exports, typeof require, typeof __filename, this === exports]);"),
    Case(name="module.webtask", code="const w = module.webtask; module.exports = cb => cb(null, [w.secrets, w.meta, w.params]);",
         secrets={"s": "1"}, meta={"m": "2"}, params={"p": "3"}),
    Case(name="a built-in module", code="module.exports = cb => cb(null, require('path').join('a', 'b'));"),
    Case(name="Node's prefix", code="module.exports = cb => cb(null, require('node:util').format('%d', 1));"),
    Case(name="globals live as long as the module", code="let n = 0; module.exports = cb => cb(null, ++n);", times=3),
    Case(name="async with a callback", code="module.exports = async (ctx, cb) => { await null; cb(null, 'later'); };"),
    Case(name="no function", code="module.exports = 'junk';", differs=_UNCOMPILED),
    Case(name="nothing at all", code="", differs=_UNCOMPILED),
    Case(name="arity 0", code="module.exports = function () {};", differs=_UNCOMPILED),
    Case(name="arity 4", code="module.exports = function (a, b, c, d) {};", differs=_UNCOMPILED),
    Case(name="no JavaScript", code="malformed javascript", differs=_UNCOMPILED),
    Case(name="throws while loading", code="throw new Error('at load');", differs=_UNCOMPILED),
    Case(name="throws a string while loading", code="throw 'at load';", differs=_UNCOMPILED),
    Case(name="a missing module", code="require('./missing');", differs=_UNCOMPILED),
)  # fmt: skip
