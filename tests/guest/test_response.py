"""A genuine http.ServerResponse: heads, bodies and events as on plain Node."""

import pytest

# code of the body of `(ctx, req, res) => {…}` -> status, reason, headers, body
RESPONSES = {
    "end": ("res.end('hello')", 200, "OK", ["Content-Length", "5"], "hello"),
    "nothing": ("res.end()", 200, "OK", ["Content-Length", "0"], ""),
    "bytes": ("res.end(Buffer.from('é'))", 200, "OK", ["Content-Length", "2"], "é"),
    "hex": ("res.end('68690a', 'hex')", 200, "OK", ["Content-Length", "3"], "hi\n"),
    "write and end": ("res.write('a'); res.write(Buffer.from('b')); res.end('c')", 200, "OK", [], "abc"),
    "status": ("res.statusCode = 404; res.end()", 404, "Not Found", ["Content-Length", "0"], ""),
    "status message": ("res.statusCode = 418; res.statusMessage = 'Teapot'; res.end()", 418, "Teapot", ["Content-Length", "0"], ""),
    "writeHead": ("res.writeHead(201, 'Made', { 'X-A': 1 }).end('x')", 201, "Made", ["X-A", "1"], "x"),
    "writeHead with a list": ("res.writeHead(200, ['X-A', '1', 'X-A', '2']); res.end()", 200, "OK", ["X-A", "1", "X-A", "2"], ""),
    "writeHead with pairs": ("res.writeHead(200, [['X-A', '1']]); res.end()", 200, "OK", ["X-A", "1"], ""),
    "writeHead over setHeader": (
        "res.setHeader('X-A', '1'); res.setHeader('X-B', '2'); res.writeHead(202, { 'x-a': '3' }); res.end()",
        202, "Accepted", ["x-a", "3", "X-B", "2"], "",
    ),
    "own length": ("res.setHeader('content-length', 5); res.write('he'); res.end('llo')", 200, "OK", ["content-length", "5"], "hello"),
    "no length": ("res.removeHeader('content-length'); res.end('x')", 200, "OK", [], "x"),
    "cookies": ("res.setHeader('Set-Cookie', ['a=1', 'b=2']); res.end()", 200, "OK", ["Set-Cookie", "a=1", "Set-Cookie", "b=2", "Content-Length", "0"], ""),
    "appended": ("res.appendHeader('X', '1'); res.appendHeader('X', '2'); res.end()", 200, "OK", ["X", "1", "X", "2", "Content-Length", "0"], ""),
    "setHeaders": ("res.setHeaders(new Headers({ a: 'b' })); res.end()", 200, "OK", ["a", "b", "Content-Length", "0"], ""),
    "latin 1": ("res.setHeader('X', 'caf\\u00e9'); res.end()", 200, "OK", ["X", "café", "Content-Length", "0"], ""),
    "204": ("res.writeHead(204); res.end('dropped')", 204, "No Content", [], ""),
    "304": ("res.setHeader('ETag', 'x'); res.statusCode = 304; res.write('dropped'); res.end()", 304, "Not Modified", ["ETag", "x"], ""),
    "flushHeaders": ("res.flushHeaders(); setImmediate(() => res.end('x'))", 200, "OK", [], "x"),
    "informational": ("res.writeContinue(); res.writeProcessing(); res.writeEarlyHints({ link: '</a>; rel=preload' }); res.end('x')", 200, "OK", ["Content-Length", "1"], "x"),
    "corked": ("res.cork(); res.write('a'); res.write('b'); res.uncork(); res.end('c')", 200, "OK", [], "abc"),
    "no date of ours": ("res.sendDate = false; res.end()", 200, "OK", ["Content-Length", "0"], ""),
    "unknown reason": ("res.statusCode = 599; res.end()", 599, "unknown", ["Content-Length", "0"], ""),
}  # fmt: skip


@pytest.mark.parametrize("name", RESPONSES)
async def test_a_response_is_what_plain_node_would_send(shared, name):
    code, status, reason, headers, body = RESPONSES[name]
    answer = await shared.run(f"module.exports = (ctx, req, res) => {{ {code} }}")
    assert (answer.status, answer.reason, answer.headers) == (status, reason, headers)
    assert (answer.body.decode(), answer.source, answer.ending) == (body, "webtask", "end")


@pytest.mark.parametrize(
    "model", ["(ctx, req, res) => { res.write('a'); res.end('b') }", "cb => cb(null, 1)", "cb => cb(1)"]
)
async def test_an_answer_to_head_has_no_body(shared, model):
    answer = await shared.run(f"module.exports = {model}", method="HEAD")
    assert (answer.body, answer.ending) == (b"", "end")


async def test_trailers_follow_the_body(shared):
    code = "res.setHeader('Trailer', 'X-Sum'); res.write('body'); res.addTrailers({ 'X-Sum': '4', 'X-More': 'a: b' }); res.end()"
    answer = await shared.run(f"module.exports = (ctx, req, res) => {{ {code} }}")
    assert (answer.headers, answer.trailers) == (["Trailer", "X-Sum"], ["X-Sum", "4", "X-More", "a: b"])


# what is wrong with the head -> part of the message
REFUSED = {
    "res.setHeader('a b', '1')": "Header name must be a valid HTTP token",
    "res.setHeader('a', 'x\\r\\ny')": "Invalid character in header content",
    "res.writeHead(200, { 'a b': '1' })": "Header name must be a valid HTTP token",
    "res.writeHead(200, { a: 'x\\ny' })": "Invalid character in header content",
    "res.writeHead(200, ['a'])": "needs a list of names and values in pairs",
    "res.writeHead(200, 'x\\ny')": "Invalid character in statusMessage",
    "res.writeHead(99)": "Invalid status code: 99",
    "res.writeHead(101)": "A webtask cannot answer with status 101: it must be from 200 to 599",
    "res.statusCode = 700; res.end()": "A webtask cannot answer with status 700: it must be from 200 to 599",
    "res.setHeader('a', 'x'.repeat(140000)); res.end()": "bytes, allowed 131072",
}


@pytest.mark.parametrize("code", REFUSED)
async def test_a_wrong_head_throws_where_it_is_written(shared, code):
    answer = await shared.run(f"module.exports = (ctx, req, res) => {{ {code} }}")
    assert answer.status == 500
    assert REFUSED[code] in answer.json["message"]


async def test_a_header_set_too_late_is_logged(guest):
    answer = await guest.run("module.exports = (ctx, req, res) => { res.end('x'); res.setHeader('a', 'b'); }")
    assert (answer.status, answer.body) == (200, b"x")
    assert "Cannot set headers after they are sent" in (await guest.line())["m"]


EVENTS = """
const seen = global.seen = [];
module.exports = (ctx, req, res) => {
  for (const name of ['end', 'close', 'error', 'aborted']) req.on(name, () => seen.push('req ' + name));
  for (const name of ['prefinish', 'finish', 'close', 'error']) res.on(name, () => seen.push('res ' + name));
  seen.push(res.headersSent, res.writableEnded, res.writableFinished);
  res.end('x', () => seen.push('end callback'));
  seen.push(res.headersSent, res.writableEnded, res.finished);
};
"""
SEEN = "module.exports = cb => setImmediate(() => cb(null, global.seen))"


async def test_events_come_in_nodes_order(guest):
    await guest.run(EVENTS)
    assert (await guest.run(SEEN)).json == [
        False, False, False, "res prefinish", True, True, True, "res finish", "end callback", "res close", "req end", "req close",
    ]  # fmt: skip


async def test_writing_after_the_end_is_an_error_of_the_response(guest):
    code = """module.exports = (ctx, req, res) => {
      res.on('error', e => { global.code = e.code; });
      res.end('x'); res.end(); res.write('y');
    }"""
    assert (await guest.run(code)).body == b"x"
    assert (
        await guest.run("module.exports = cb => cb(null, global.code)")
    ).json == "ERR_STREAM_WRITE_AFTER_END"


async def test_frameworks_may_replace_the_prototypes(guest):
    """Express does: what the frames need must not hang on them."""
    code = """
    const http = require('http');
    const response = Object.create(http.ServerResponse.prototype), request = Object.create(http.IncomingMessage.prototype);
    response.send = function (text) { this.setHeader('X-Framework', 'yes'); this.end(text); };
    module.exports = (ctx, req, res) => {
      Object.setPrototypeOf(req, request); Object.setPrototypeOf(res, response);
      req.on('data', part => res.write(part)).on('end', () => res.send('!'));
    };"""
    handle = guest.load(code.replace("this.setHeader('X-Framework', 'yes');", ""))
    assert (await guest.post(handle, b"hello").answer()).body == b"hello!"
    assert (
        await guest.run(
            "module.exports = (ctx, req, res) => res.end(String(res instanceof require('http').ServerResponse && req instanceof require('http').IncomingMessage))"
        )
    ).body == b"true"


async def test_an_inactive_exchange_times_out_when_asked_to(shared):
    code = "module.exports = (ctx, req, res) => { res.setTimeout(5, () => { res.statusCode = 504; res.end('slow'); }); }"
    answer = await shared.run(code)
    assert (answer.status, answer.body) == (504, b"slow")


async def test_a_timeout_nobody_hears_destroys_the_exchange(shared):
    answer = await shared.run("module.exports = (ctx, req, res) => { req.setTimeout(5); }")
    assert (answer.status, answer.ending) == (0, "reset")
