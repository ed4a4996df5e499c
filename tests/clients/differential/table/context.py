"""What `ctx` holds."""

from typing import Any

from tests.clients.differential.case import ARRAYS, NO_PARAMS_HEADER, UNSET, Case, posted

_DATA = "module.exports = (ctx, cb) => cb(null, ctx.data);"
_BODY = "module.exports = (ctx, cb) => cb(null, { body: ctx.body, raw: ctx.body_raw, data: ctx.data });"
_SET: dict[str, Any] = {"params": {"a": "param", "p": "param"}, "secrets": {"a": "secret", "s": "secret"}}

CASES = (
    Case(name="query", code="module.exports = (ctx, cb) => cb(null, ctx.query);", query="a=1&b=two"),
    Case(name="query, repeats and empties", code="module.exports = (ctx, cb) => cb(null, ctx.query);", query="a=1&a=2&b&c=&=d"),
    Case(name="query does not nest", code="module.exports = (ctx, cb) => cb(null, ctx.query);", query="a%5Bb%5D=1&c.d=2"),
    Case(name="query, encodings", code="module.exports = (ctx, cb) => cb(null, ctx.query);", query="a=%C3%A9+b&%F0%9F%90%B1=cat"),
    Case(name="query, broken encodings", code="module.exports = (ctx, cb) => cb(null, ctx.query);", query="a=%zz&b=%C3"),
    Case(name="query hides what is the platform's", code="module.exports = (ctx, cb) => cb(null, [ctx.query, ctx.data]);", query="webtask_no_cache=1&webtask_x=2&b=3"),
    Case(name="key belongs to a named webtask", code=_DATA, query="key=mine"),
    Case(name="params", code="module.exports = (ctx, cb) => cb(null, ctx.params);", params={"a": "1"}),
    Case(name="secrets", code="module.exports = (ctx, cb) => cb(null, ctx.secrets);", secrets={"a": "1"}),
    Case(name="meta", code="module.exports = (ctx, cb) => cb(null, ctx.meta);", meta={"a": "1"}),
    Case(name="data, whose wins", code=_DATA, query="a=query&q=query", **_SET),
    Case(name="data has no meta", code=_DATA, meta={"m": "1"}),
    Case(name="data, body last", code=_DATA, query="a=query&q=query", mb=1, **_SET, **posted(json='{"a":"body","b":"body"}')),
    Case(name="data, body over an empty value", code=_DATA, query="a=", mb=1, **posted(json='{"a":"body"}'), differs={"body.a": UNSET}),
    Case(name="data without mb", code=_DATA, **posted(json='{"b":1}')),
    Case(name="data, form merged", code=_DATA, mb=1, **posted(form="b=1&b=2&c=3")),
    Case(name="data, mb by the query", code=_DATA, query="webtask_mb=1", **posted(json='{"b":1}')),
    Case(name="data, an array is not merged", code=_DATA, mb=1, **posted(json="[7]"), differs={"body": ARRAYS}),
    Case(name="data, a text is not merged", code=_DATA, mb=1, **posted(json='"text"')),
    Case(name="data, null is not merged", code=_DATA, mb=1, **posted(json="null")),
    Case(name="body, JSON", code=_BODY, **posted(json='{"a":[1,{"b":null}]}')),
    Case(name="body, a number", code=_BODY, **posted(json="0")),
    Case(name="body, JSON with a charset", code=_BODY, method="POST", headers={"content-type": "application/json; charset=utf-8"}, body=b'{"a":1}'),
    Case(name="body, form", code=_BODY, **posted(form="a=1&a=2&b=x+y%21")),
    Case(name="body, form with a charset", code=_BODY, method="POST", headers={"content-type": "application/x-www-form-urlencoded; charset=utf-8"}, body=b"a=1"),
    Case(name="body, text", code=_BODY, **posted(text="plain")),
    Case(name="body, unparsable", code=_BODY, **posted(json="{nope")),
    Case(name="body, UTF-8", code=_BODY, **posted(json='{"é":"🐱"}')),
    Case(name="body, no UTF-8", code="module.exports = (ctx, cb) => cb(null, ctx.body_raw);", method="POST", headers={"content-type": "text/plain"}, body=b"\xff\xfe"),
    Case(name="body, none", code="module.exports = (ctx, cb) => cb(null, ['body' in ctx && ctx.body !== undefined, ctx.body_raw || null]);", method="POST"),
    Case(name="body, of a PUT", code=_BODY, method="PUT", headers={"content-type": "application/json"}, body=b'{"a":1}'),
    Case(name="body, of a DELETE", code=_BODY, method="DELETE", headers={"content-type": "application/json"}, body=b'{"a":1}'),
    Case(name="body, pb never", code=_BODY, pb=0, **posted(json='{"a":1}')),
    Case(name="body, pb never but the query", code=_BODY, pb=0, query="webtask_pb=1", **posted(json='{"a":1}')),
    Case(name="body, pb always, arity 3", code="module.exports = (ctx, req, res) => res.end(JSON.stringify([ctx.body, ctx.body_raw]));", pb=1, **posted(json='{"a":1}')),
    Case(name="body, prototypes are safe", code="module.exports = (ctx, cb) => cb(null, [{}.x === undefined, ctx.data.x === undefined]);", mb=1, **posted(json='{"__proto__":{"x":1}}')),
    Case(name="headers", code="module.exports = (ctx, cb) => cb(null, [ctx.headers['x-mixed'], ctx.headers['X-Mixed'] === undefined]);", headers={"X-Mixed": "CaSe"}),
    Case(name="headers, all of them", code="module.exports = (ctx, cb) => cb(null, Object.keys(ctx.headers).filter(n => n.startsWith('x-')).sort());",
         headers={"x-a": "1"}, differs={"body.1": NO_PARAMS_HEADER}),
    Case(name="what ctx has", code="module.exports = (ctx, cb) => cb(null, ['data', 'headers', 'id', 'params', 'query', 'secrets', 'meta'].map(n => typeof ctx[n]));"),
    Case(name="ctx is the code's own", code="module.exports = (ctx, cb) => { ctx.data.n = (ctx.data.n || 0) + 1; ctx.secrets.n = (ctx.secrets.n || 0) + 1; cb(null, [ctx.data.n, ctx.secrets.n]); };", times=2),
    Case(name="id is a text", code="module.exports = (ctx, cb) => cb(null, [typeof ctx.id, ctx.id.length > 5]);"),
    Case(name="token is for who fixed the code", code="module.exports = (ctx, cb) => cb(null, [ctx.token === undefined]);"),
)  # fmt: skip
