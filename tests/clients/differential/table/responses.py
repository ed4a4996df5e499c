"""What (ctx, req, res) sends."""

from tests.clients.differential.case import Case


def _sent(name: str, what: str, **more: object) -> Case:
    return Case(name=f"res, {name}", code=f"module.exports = (ctx, req, res) => {{ {what} }};", **more)  # type: ignore[arg-type]


CASES = (
    _sent("status and headers", "res.writeHead(201, { 'Content-Type': 'text/html', 'X-A': '1' }); res.end('<b>');"),
    _sent("setHeader", "res.setHeader('x-a', ['1', '2']); res.statusCode = 202; res.end();"),
    _sent("getters", "res.setHeader('X-A', '1'); res.end(JSON.stringify([res.getHeader('x-a'), res.hasHeader('x-b'), res.getHeaderNames()]));"),
    _sent("removeHeader", "res.setHeader('x-a', '1'); res.removeHeader('X-A'); res.end();"),
    _sent("no type of its own", "res.end('text');"),
    _sent("nothing", "res.end();"),
    _sent("pieces", "res.write('a'); setTimeout(() => { res.write('b'); res.end('c'); }, 5);"),
    _sent("bytes", "res.end(Buffer.from([0, 255, 128]));"),
    _sent("another encoding", "res.end('c3a9', 'hex');"),
    _sent("a redirect", "res.writeHead(302, { Location: '/elsewhere' }); res.end();"),
    _sent("no content", "res.writeHead(204); res.end();"),
    _sent("a reason", "res.writeHead(418, 'short and stout'); res.end('tea');"),
    _sent("an error of its own", "res.writeHead(503, { 'retry-after': '7' }); res.end('later');"),
    _sent("headersSent", "const before = res.headersSent; res.write('x'); res.end(String([before, res.headersSent]));"),
    _sent("headers twice", "res.write('x'); try { res.setHeader('x-a', '1'); } catch (error) { res.end(error.code); }"),
    _sent("an invalid header", "try { res.setHeader('x-a', 'a\\r\\nx-b: 1'); } catch (error) { res.end(error.code); }"),
    _sent("an invalid status", "try { res.writeHead(99); } catch (error) { res.statusCode = 200; res.end(error.code); }"),
    _sent("finish", "res.on('finish', () => { globalThis.finished = (globalThis.finished || 0) + 1; }); res.end(String(globalThis.finished || 0) === '0' ? 'first' : 'second');", times=2),
    _sent("a stream piped in", "require('stream').Readable.from(['a', 'b', 'c']).pipe(res);"),
    _sent("HEAD", "res.setHeader('x-a', '1'); res.end('body');", method="HEAD"),
    _sent("much", "res.end('x'.repeat(300000));"),
    _sent("links", "res.writeHead(200, [['x-a', '1'], ['x-b', '2']]); res.end();"),
    _sent("cache", "res.setHeader('cache-control', 'max-age=60'); res.setHeader('etag', '\"1\"'); res.end('kept');"),
    Case(name="res, async", code="module.exports = async (ctx, req, res) => { await null; res.end('later'); };"),
)  # fmt: skip
