"""What (ctx, req, res) sees of the request."""

from tests.clients.differential.case import UNREAD_BODY, Case, posted


def _told(name: str, what: str, **more: object) -> Case:
    code = f"module.exports = (ctx, req, res) => {{ res.setHeader('content-type', 'application/json'); res.end(JSON.stringify({what})); }};"
    return Case(name=f"req, {name}", code=code, **more)  # type: ignore[arg-type]


_READ = """module.exports = (ctx, req, res) => {
  const chunks = [];
  req.on('data', chunk => chunks.push(chunk)).on('end', () => res.end(Buffer.concat(chunks)));
};"""

CASES = (
    _told("method", "req.method", method="DELETE"),
    _told("a method less known", "req.method", method="PATCH"),
    _told("OPTIONS", "req.method", method="OPTIONS"),
    _told("url", "req.url", path="/more/path", query="a=1&webtask_no_cache=1"),
    _told("url, encodings", "req.url", path="/a%20b/%C3%A9", query="q=%20"),
    _told("query", "req.query", query="a=1&a=2&webtask_x=3"),
    _told("headers", "[req.headers['x-a'], req.headers['x-b'], req.headers.cookie]", headers={"X-A": "1", "x-b": "", "cookie": "a=1; b=2"}),
    _told("http version", "req.httpVersion"),
    _told("x_wt", "[req.x_wt.container, req.x_wt.url_format, req.x_wt.pb, Number(req.x_wt.mb), req.x_wt.pctx, req.x_wt.ectx, req.x_wt.meta, typeof req.x_wt.req_id]",
          params={"p": "1"}, secrets={"s": "2"}, meta={"m": "3"}),
    _told("x_wt, pb and mb", "[req.x_wt.pb, Number(req.x_wt.mb)]", pb=1, mb=1),
    _told("ctx beside it", "[ctx.query, ctx.data, ctx.secrets]", query="a=1", secrets={"s": "1"}),
    _told("body unread for ctx", "[ctx.body === undefined, ctx.body_raw === undefined]", **posted(json='{"a":1}'),
          differs={"body.0": UNREAD_BODY, "body.1": UNREAD_BODY}),
    Case(name="req, is a stream", code=_READ, pb=0, **posted(text="streamed")),
    Case(name="req, no body ends", code=_READ, pb=0),
    Case(name="req, bytes", code="module.exports = (ctx, req, res) => { let n = 0; req.on('data', c => { n += c.length; }).on('end', () => res.end(String(n))); };",
         pb=0, method="POST", body=b"\x00\xff" * 50_000),
)  # fmt: skip
