"""The web-standard model: `export default { fetch(request, env, ctx) }`."""

import json

import pytest


def code(body: str) -> str:
    return "export default { async fetch(request, env, ctx) { " + body + " } }"


async def test_a_request_becomes_a_request_and_a_response_an_answer(shared):
    program = code(
        "return Response.json({ method: request.method, url: request.url, type: request.headers.get('content-type'),"
        " body: await request.json(), env, id: ctx.id, query: ctx.query },"
        " { status: 201, headers: [['x-a', '1'], ['set-cookie', 'a=1'], ['set-cookie', 'b=2']] })"
    )
    deployment = shared.load(program, secrets={"key": "s"}, params={"key": "p", "plain": "p"})
    call = shared.open(
        deployment, method="PUT", url="/api/run/acme/hello?a=1", body=True, id="mine",
        headers=["Host", "acme.example", "Content-Type", "application/json"],
    )  # fmt: skip
    call.send(b'{"n": 1}')
    call.end()
    answer = await call.answer()
    assert (answer.status, answer.source, answer.header("set-cookie")) == (201, "webtask", ["a=1", "b=2"])
    assert (answer.header("x-a"), answer.header("content-type")) == (["1"], ["application/json"])
    assert answer.json == {
        "method": "PUT", "url": "http://acme.example/api/run/acme/hello?a=1", "type": "application/json",
        "body": {"n": 1}, "env": {"key": "s", "plain": "p"}, "id": "mine", "query": {"a": "1"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("host", "seen"),
    [
        ("a.b:80", "a.b"),
        ("[::1]:8000", "[::1]:8000"),
        ("a/b?", "localhost"),
        ("u@h", "localhost"),
        ("h:99999", "localhost"),
    ],
)
async def test_a_host_that_is_none_does_not_move_the_path(shared, host, seen):
    deployment = shared.load(code("return new Response(request.url)"))
    answer = await shared.open(deployment, headers=["Host", host]).answer()
    assert answer.body.decode() == f"http://{seen}/api/run/acme/hello"


async def test_common_js_may_export_it_too_and_this_is_the_export(shared):
    answer = await shared.run("module.exports = { text: 'hi', fetch() { return new Response(this.text) } }")
    assert (answer.body, answer.header("content-type")) == (b"hi", ["text/plain;charset=UTF-8"])


async def test_bodies_stream_both_ways(shared):
    program = code(
        "return new Response(request.body.pipeThrough(new TransformStream({"
        " transform(chunk, out) { out.enqueue(new TextEncoder().encode(new TextDecoder().decode(chunk).toUpperCase())) } })))"
    )
    call = shared.open(shared.load(program), method="POST", body=True)
    for piece in (b"first,", b"second"):
        call.send(piece)
        await call.body(len(piece) if piece == b"first," else len(b"first,second"))
    assert call.got.body == b"FIRST,SECOND"
    call.end()
    assert (await call.answer()).ending == "end"


async def test_a_large_body_waits_for_its_reader(shared):
    program = code("return new Response(new Uint8Array(3000000))")
    call = shared.open(shared.load(program))
    await call.body(262_144)
    await shared.ping()
    assert len(call.got.body) == 262_144
    assert len((await call.answer()).body) == 3_000_000


async def test_a_status_without_a_body(shared):
    answer = await shared.run(code("return new Response(null, { status: 204 })"))
    assert (answer.status, answer.body) == (204, b"")
    assert (await shared.run(code("return Response.redirect('https://example.com/', 303)"))).header(
        "location"
    ) == ["https://example.com/"]
    assert (await shared.run(code("return new Response('text')"), method="HEAD")).body == b""


async def test_what_is_no_response_and_what_throws_are_errors(shared):
    answer = await shared.run(code("return 'text'"))
    assert (answer.status, answer.source) == (500, "webtask")
    assert answer.json["message"] == "fetch() must answer with a Response, not 'text'"
    answer = await shared.run(code("throw new Error('no')"))
    assert (answer.status, answer.json["details"]) == (500, "Error: no")


async def test_a_stream_that_fails_midway_cuts_the_answer(shared):
    program = code(
        "return new Response(new ReadableStream({ start(out) { out.enqueue(new Uint8Array(3)) },"
        " async pull() { throw new Error('midway') } }))"
    )
    answer = await shared.run(program)
    assert (answer.status, answer.ending) == (200, "reset")


async def test_work_goes_on_after_the_answer_and_its_failure_is_logged(guest):
    program = code(
        "ctx.waitUntil((async () => { await new Promise(go => setTimeout(go, 5)); throw new Error('later') })());"
        " return new Response('out')"
    )
    assert (await guest.run(program, id="mine")).body == b"out"
    line = await guest.line()
    assert (line["l"], line["i"], line["m"].splitlines()[0]) == ("error", "mine", "Error: later")


async def test_a_client_that_leaves_is_told_by_the_signal(guest):
    program = code(
        "request.signal.addEventListener('abort', () => console.log('gone'));"
        " console.log('here'); await new Promise(() => {})"
    )
    call = guest.open(guest.load(program))
    assert (await guest.line())["m"] == "here"
    call.reset()
    assert (await guest.line())["m"] == "gone"


async def test_a_reader_that_leaves_cancels_the_stream(guest):
    program = code(
        "return new Response(new ReadableStream({ start(out) { out.enqueue(new Uint8Array(1)) },"
        " cancel() { console.log('cancelled') } }))"
    )
    call = guest.open(guest.load(program))
    await call.body(1)
    call.reset()
    assert json.dumps((await guest.line())["m"]) == '"cancelled"'
