"""The frame protocol itself: cutting, late frames, faults of the executor, the end of the connection."""

import json
import struct

import pytest

from tests.guest import frames
from tests.guest.guest import DEPLOYMENT, REQUEST

PROTOCOL_FAULT = 76
HELLO = "module.exports = (ctx, cb) => cb(null, ctx.body_raw ?? 'hello')"


async def test_a_blank_guest_says_ready_once(guest):
    kind, stream, payload = guest.ready
    assert (kind, stream) == (frames.READY, 0)
    assert json.loads(payload).keys() == {"runtime", "version"}
    await guest.ping()
    assert guest.control.empty()


@pytest.mark.parametrize("step", [1, 2, 7, 13, 100])
async def test_frames_may_arrive_in_any_pieces(guest, step):
    deployment = {**DEPLOYMENT, "files": {"hello.js": HELLO}}
    request = {**REQUEST, "deployment": 1, "id": "x", "body": True}
    wire = frames.encode(frames.LOAD, 1, json.dumps(deployment).encode())
    wire += frames.encode(frames.REQUEST, 1, json.dumps(request).encode())
    wire += (
        frames.encode(frames.BODY, 1, b"in pieces")
        + frames.encode(frames.BODY, 1)
        + frames.encode(frames.END, 1)
    )
    wire += frames.encode(frames.PING, 0, b"barrier")
    for start in range(0, len(wire), step):
        guest.writer.write(wire[start : start + step])
        await guest.writer.drain()
    heard = [await guest.control.get() for _ in range(4)]
    assert [kind for kind, _, _ in heard] == [frames.HEAD, frames.BODY, frames.END, frames.PONG]
    assert heard[1][2] == b'"in pieces"'


async def test_many_requests_in_one_write_are_all_answered(guest):
    handle = guest.load("module.exports = (ctx, cb) => cb(null, ctx.id)")
    calls = [guest.open(handle) for _ in range(500)]
    assert [(await call.answer()).json for call in calls] == [f"call-{n}" for n in range(1, 501)]


async def test_code_of_a_megabyte_is_loaded(guest):
    answer = await guest.run(f"/* {'x' * 1_000_000} */ module.exports = cb => cb(null, 'big')")
    assert answer.json == "big"


async def test_late_frames_are_ignored(guest):
    handle = guest.load(HELLO)
    await guest.open(handle).answer()
    for stream in (1, 77):
        guest.send(frames.BODY, stream, b"late")
        guest.send(frames.END, stream)
        guest.send(frames.CREDIT, stream, struct.pack(">I", 10))
        guest.send(frames.RESET, stream)
    assert (await guest.open(handle).answer()).json == "hello"


async def test_the_pong_waits_for_the_event_loop(guest):
    """A blocked loop is found by the PONG it misses: none may come before the loop is free."""
    handle = guest.load(
        "module.exports = cb => { const until = Date.now() + 50; while (Date.now() < until); cb(null, 1); }"
    )
    call = guest.open(handle)
    await guest.ping()
    assert call.heard() == [frames.HEAD, frames.BODY, frames.END]


GOOD = json.dumps({**REQUEST, "deployment": 9, "id": "x"}).encode()
LOADED = frames.encode(frames.LOAD, 1, json.dumps({**DEPLOYMENT, "files": {"hello.js": HELLO}}).encode())
FAULTS = {
    "length below its own fields": struct.pack(">IBI", 4, frames.PING, 0),
    "length beyond all bounds": struct.pack(">IBI", 0xFFFF_FFFF, frames.BODY, 1),
    "length of more than a deployment": struct.pack(">IBI", 5 + 64 * 1024 * 1024 + 1, frames.LOAD, 1),
    "unknown type": frames.encode(99, 1),
    "type of a guest": frames.encode(frames.HEAD, 1, b"[]"),
    "type zero": frames.encode(0, 0),
    "broken LOAD": frames.encode(frames.LOAD, 1, b"{"),
    "LOAD of no deployment": frames.encode(frames.LOAD, 1, b"7"),
    "broken REQUEST": frames.encode(frames.REQUEST, 1, b"\xff"),
    "REQUEST of nothing": frames.encode(frames.REQUEST, 1, b"null"),
    "REQUEST without headers": LOADED + frames.encode(frames.REQUEST, 1, b'{"deployment": 1, "url": "/"}'),
    "REQUEST for nothing loaded": frames.encode(frames.REQUEST, 1, GOOD),
    "short CREDIT": frames.encode(frames.CREDIT, 1, b"\0\0"),
    "long PING": frames.encode(frames.PING, 0, b"x" * 17),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_of_the_executor_ends_the_worker_and_is_logged(guest, name):
    guest.writer.write(FAULTS[name])
    line = await guest.line()
    assert (line["l"], line["m"][:18]) == ("error", "The executor sent ")
    assert line["m"].endswith("; this worker cannot go on.")
    assert await guest.exit == PROTOCOL_FAULT


async def test_a_guest_without_an_executor_ends(guest):
    guest.open(guest.load("setInterval(() => {}, 1000); module.exports = cb => {}"))
    await guest.ping()
    guest.writer.close()
    assert await guest.exit == 0


async def test_an_idle_guest_holds_no_timer(guest):
    await guest.run("module.exports = (ctx, req, res) => { req.setTimeout(60000); res.end('x'); }")
    resources = await guest.run(
        "module.exports = cb => setImmediate(() => cb(null, process.getActiveResourcesInfo()))"
    )
    assert "Timeout" not in resources.json
