"""Bodies in both directions: order, size, and back-pressure by credit."""

import pytest

from tests.guest import frames
from tests.guest.frames import INITIAL_CREDIT

CHUNK = 65_536
FIREHOSE = """
let sent = 0, drains = 0, ready = 0;
module.exports = (ctx, req, res) => {
  if (ctx.query.stats) return res.end(JSON.stringify({ sent, drains }));
  const chunk = Buffer.alloc(65536, 'x');
  const total = Number(ctx.query.chunks);
  (function more() {
    while (sent < total) {
      sent += 1;
      if (!res.write(chunk)) { res.once('drain', () => { drains += 1; more(); }); return; }
    }
    res.end();
  })();
};
"""
ECHOES = {
    "pipe": "req.pipe(res)",
    "pipeline": "require('stream').pipeline(req, res, () => {})",
    "iteration": "(async () => { for await (const part of req) res.write(part); res.end(); })()",
    "data events": "req.on('data', part => { if (!res.write(part)) { req.pause(); res.once('drain', () => req.resume()); } }); req.on('end', () => res.end())",
    "transform": "const { PassThrough } = require('stream'); req.pipe(new PassThrough()).pipe(res)",
    "web streams": "const { Readable, Writable } = require('stream'); Readable.toWeb(req).pipeTo(Writable.toWeb(res))",
}  # fmt: skip


async def stats(guest, handle):
    return (await guest.open(handle, url="/?stats=1").answer()).json


async def more_credit(call) -> None:
    """Takes what the guest echoes until it asks for more of the request."""
    before = call.credit
    while call.credit == before:
        if await call.hear() == frames.BODY:
            call.grant(CHUNK)


@pytest.mark.parametrize("way", ECHOES)
async def test_a_body_streams_in_and_out(shared, way):
    handle = shared.load(f"module.exports = (ctx, req, res) => {{ {ECHOES[way]} }}")
    call = shared.open(handle, method="POST", body=True)
    body = bytes(range(256)) * 3_000
    sent = 0
    while sent < len(body):
        if sent == INITIAL_CREDIT + call.credit:
            await more_credit(call)
        part = body[sent : min(sent + 50_000, INITIAL_CREDIT + call.credit)]
        call.send(part)
        sent += len(part)
    call.end()
    assert (await call.answer()).body == body


async def test_parts_leave_as_they_are_written(shared):
    code = """
    let next;
    module.exports = (ctx, req, res) => {
      if (ctx.query.next) { next(); return res.end(); }
      res.write('first'); next = () => { res.write('second'); next = () => res.end('third'); };
    };"""
    handle = shared.load(code)
    call = shared.open(handle)
    assert await call.body(5) == b"first"
    await shared.open(handle, url="/?next=1").answer()
    assert await call.body(11) == b"firstsecond"
    await shared.open(handle, url="/?next=1").answer()
    assert (await call.answer()).body == b"firstsecondthird"


async def test_a_reader_that_takes_nothing_stops_the_writer(guest):
    handle = guest.load(FIREHOSE)
    call = guest.open(handle, url="/?chunks=100")
    await call.body(INITIAL_CREDIT)
    held = await stats(guest, handle)
    # What went out on credit, and the chunk or two that fit into the response's own buffer.
    assert INITIAL_CREDIT // CHUNK <= held["sent"] <= INITIAL_CREDIT // CHUNK + 2
    assert len(call.got.body) == INITIAL_CREDIT
    call.grant(CHUNK)
    await call.body(INITIAL_CREDIT + CHUNK)
    moved = await stats(guest, handle)
    assert moved["sent"] == held["sent"] + 1
    assert moved["drains"] == held["drains"] + 1
    call.grant(100 * CHUNK)
    assert len((await call.answer()).body) == 100 * CHUNK


async def test_credit_may_come_in_crumbs(shared):
    call = shared.open(
        shared.load("module.exports = (ctx, req, res) => res.end('a'.repeat(262144) + 'bcdef')")
    )
    await call.body(INITIAL_CREDIT)
    for expected in ("b", "bc", "bcd", "bcde"):
        call.grant(1)
        assert (await call.body(INITIAL_CREDIT + len(expected))).endswith(expected.encode())
    await shared.ping()
    assert call.heard() == [], "END must wait for the last byte"
    call.grant(1)
    assert (await call.answer()).ending == "end"


async def test_a_large_json_result_waits_for_credit_too(shared):
    call = shared.open(shared.load("module.exports = cb => cb(null, 'a'.repeat(300000))"))
    await call.body(INITIAL_CREDIT)
    await shared.ping()
    assert call.heard() == []
    assert len((await call.answer()).json) == 300_000


async def test_one_slow_reader_does_not_hold_up_another(shared):
    handle = shared.load("module.exports = (ctx, req, res) => res.end(Buffer.alloc(1000000))")
    slow = shared.open(handle)
    await slow.body(INITIAL_CREDIT)
    assert len((await shared.open(handle).answer()).body) == 1_000_000
    assert len((await slow.answer()).body) == 1_000_000


HOLD = """
let held;
module.exports = (ctx, req, res) => {
  if (ctx.query.go) { held(); return res.end(); }
  held = () => { let size = 0; req.on('data', part => { size += part.length; }).on('end', () => res.end(String(size))); };
};
"""


async def test_a_body_that_is_not_read_is_not_asked_for(guest):
    handle = guest.load(HOLD)
    call = guest.open(handle, method="POST", body=True)
    call.send(b"x" * INITIAL_CREDIT)
    await guest.ping()
    assert (call.heard(), call.credit) == ([], 0)
    guest.open(handle, url="/?go=1")
    await call.credited(INITIAL_CREDIT - CHUNK)
    call.send(b"x" * call.credit)
    call.end()
    answer = await call.answer()
    assert int(answer.body) > INITIAL_CREDIT


async def test_a_body_that_no_parameter_wants_is_thrown_away(guest):
    handle = guest.load(
        "let go; module.exports = cb => { if (go) { go(null, 1); cb(null, 2); } else go = cb; }"
    )
    call = guest.open(handle, method="POST", body=True)
    call.send(b"x" * INITIAL_CREDIT)
    await call.credited(INITIAL_CREDIT)
    call.send(b"x" * INITIAL_CREDIT)
    call.end()
    await guest.open(handle).answer()
    assert (await call.answer()).json == 1


async def test_a_buffer_may_be_reused_once_its_write_called_back(guest):
    """Also while the executor reads nothing and the socket between them is full."""
    code = """module.exports = async (ctx, req, res) => {
      const buffer = Buffer.alloc(80000);
      for (const letter of 'abc') { buffer.fill(letter); await new Promise(done => res.write(buffer, done)); }
      buffer.fill('z');
      console.log('reused');
      res.end();
    }"""
    handle = guest.load(code)
    guest.writer.transport.pause_reading()
    call = guest.open(handle)
    assert (await guest.line())["m"] == "reused"
    guest.writer.transport.resume_reading()
    assert (await call.answer()).body == b"a" * 80_000 + b"b" * 80_000 + b"c" * 80_000
