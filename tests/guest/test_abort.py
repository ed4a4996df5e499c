"""Clients that leave, code that hangs up, answers that come before the request is over."""

import pytest

WATCH = """
const { finished } = require('stream');
const seen = global.seen = [];
module.exports = (ctx, req, res) => {
  for (const name of ['aborted', 'end', 'close', 'error']) req.on(name, e => seen.push('req ' + name + (e ? ' ' + e.code : '')));
  for (const name of ['finish', 'close', 'error']) res.on(name, () => seen.push('res ' + name));
  req.socket.on('close', () => seen.push('socket close'));
  finished(res, e => seen.push('finished ' + (e ? e.code : 'well')));
  BODY
};
"""
SEEN = "module.exports = cb => setImmediate(() => cb(null, [global.seen, global.wrote]))"


def watching(body: str) -> str:
    return WATCH.replace("BODY", body)


async def seen(guest) -> list[str]:
    events, _ = (await guest.run(SEEN)).json
    return list(events)


async def test_a_client_that_leaves_while_sending_aborts_the_request(guest):
    call = guest.open(guest.load(watching("req.resume()")), method="POST", body=True)
    call.send(b"half")
    call.reset()
    assert sorted(await seen(guest)) == sorted(
        [
            "req aborted",
            "req error ECONNRESET",
            "req close",
            "res close",
            "socket close",
            "finished ERR_STREAM_PREMATURE_CLOSE",
        ]
    )


async def test_a_client_that_leaves_while_waiting_closes_the_response(guest):
    call = guest.open(guest.load(watching("")))
    call.reset()
    events = await seen(guest)
    assert "res close" in events
    assert "res finish" not in events
    assert call.heard() == []


async def test_nothing_is_said_to_a_client_that_left(guest):
    body = "global.go = () => { global.wrote = res.write('late'); res.end('later', () => {}); }"
    call = guest.open(guest.load(watching(body)))
    call.reset()
    await guest.run("module.exports = cb => { global.go(); cb(); }")
    assert (await guest.run(SEEN)).json[1] is False
    assert call.heard() == []


async def test_a_write_that_waits_for_credit_fails_when_the_client_leaves(guest):
    body = "res.write(Buffer.alloc(400000), e => { global.wrote = e.code; })"
    call = guest.open(guest.load(watching(body)))
    await call.body(262_144)
    call.reset()
    assert (await guest.run(SEEN)).json[1] == "ECONNRESET"


async def test_a_client_that_leaves_ends_a_pipeline(guest):
    body = "const { Readable, pipeline } = require('stream'); pipeline(new Readable({ read() { this.push(Buffer.alloc(65536)); } }), res, e => { global.wrote = e.code; })"
    call = guest.open(guest.load(watching(body)))
    await call.body(262_144)
    call.reset()
    assert (await guest.run(SEEN)).json[1] == "ERR_STREAM_PREMATURE_CLOSE"


@pytest.mark.parametrize(
    "hang_up", ["res.destroy()", "req.destroy()", "req.socket.destroy()", "res.destroy(new Error('mine'))"]
)
async def test_code_that_hangs_up_resets_the_stream(guest, hang_up):
    answer = await guest.run(watching(hang_up))
    assert (answer.status, answer.ending) == (0, "reset")
    assert "res close" in await seen(guest)


async def test_hanging_up_in_mid_answer_resets_it(guest):
    answer = await guest.run(watching("res.write('half', () => res.destroy())"))
    assert (answer.body, answer.ending) == (b"half", "reset")


async def test_an_answer_before_the_body_ends_throws_the_rest_away(guest):
    call = guest.open(guest.load(watching("res.end('early')")), method="POST", body=True)
    call.send(b"first part")
    answer = await call.answer()
    assert (answer.body, answer.ending) == (b"early", "end")
    call.send(b"late part")
    call.end()
    events = await seen(guest)
    assert "finished well" in events
    assert {"req aborted", "req error ECONNRESET"} & set(events) == set()


async def test_a_reader_of_the_body_learns_that_the_early_answer_cut_it(guest):
    call = guest.open(
        guest.load(watching("req.on('data', () => {}); res.end('early')")), method="POST", body=True
    )
    call.send(b"first part")
    assert (await call.answer()).ending == "end"
    events = await seen(guest)
    assert {"res finish", "finished well", "req aborted", "req error ECONNRESET"} <= set(events)
    assert "req end" not in events


async def test_a_client_that_leaves_a_callback_model_is_forgotten(guest):
    handle = guest.load(
        "let go; module.exports = (ctx, cb) => { if (go) { go(null, 'late'); cb(null, 'ok'); } else go = cb; }"
    )
    call = guest.open(handle)
    call.reset()
    assert (await guest.open(handle).answer()).json == "ok"
    assert call.heard() == []


async def test_a_client_that_leaves_before_its_body_is_whole_starts_nothing(guest):
    call = guest.open(
        guest.load("module.exports = (ctx, cb) => { console.log('started'); cb(); }"),
        method="POST",
        body=True,
    )
    call.send(b"half")
    call.reset()
    call.end()
    await guest.run("module.exports = cb => { console.log('second'); cb(); }")
    assert (await guest.line())["m"] == "second"
