"""Requests that offer another protocol: what user code makes of `req.socket`."""

import json

import pytest

from tests.guest import frames

UPGRADE = {
    "headers": ["Connection", "Upgrade", "Upgrade", "echo"],
    "upgrade": True,
}
SWITCH = (
    "HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: echo\\r\\nX-One: 1\\r\\n\\r\\n"
)
ECHO = f"""
const seen = global.seen = [];
module.exports = (ctx, req, res) => {{
  const {{ socket }} = req;
  for (const name of ['end', 'finish', 'close', 'error']) socket.on(name, () => seen.push(name));
  socket.write('{SWITCH}hello ');
  socket.on('data', data => socket.write(data));
  BODY
}};
"""
ENDS = "socket.on('end', () => socket.end('bye'));"
SEEN = "module.exports = cb => setImmediate(() => cb(null, global.seen))"


def echo(body: str = ENDS) -> str:
    return ECHO.replace("BODY", body)


def open_(guest, code: str):
    return guest.open(guest.load(code), **UPGRADE)


async def until(call, kind: int) -> None:
    while (heard := await call.hear()) != kind:
        assert heard != 0, "the guest died"


async def seen(guest) -> list[str]:
    events: list[str] = (await guest.run(SEEN)).json
    return events


async def test_bytes_pass_both_ways_after_the_switch(guest):
    call = open_(guest, echo())
    head = await call.head()
    assert (head.status, head.reason) == (101, "Switching Protocols")
    assert (head.header("upgrade"), head.header("x-one")) == (["echo"], ["1"])
    call.send(b"one ")
    call.send(b"two ")
    assert await call.body(14) == b"hello one two "
    call.end()
    assert (await call.answer()).body == b"hello one two bye"
    assert await seen(guest) == ["end", "finish", "close"]


async def test_each_side_ends_for_itself(guest):
    call = open_(guest, echo("socket.removeAllListeners('data').once('data', () => socket.end()).resume();"))
    call.send(b"last")
    await until(call, frames.END)
    call.send(b"after the end")
    assert await seen(guest) == ["finish"]
    call.end()
    assert await seen(guest) == ["finish", "end", "close"]


async def test_what_comes_before_the_switch_is_not_lost(guest):
    later = echo().replace(
        "module.exports = (ctx, req, res) => {", "module.exports = async (ctx, req, res) => { await 0;"
    )
    call = open_(guest, later.replace("await 0", "await new Promise(setImmediate)"))
    call.send(b"early")
    assert await call.body(11) == b"hello early"


async def test_nothing_is_sent_beyond_the_credit(guest):
    call = open_(guest, echo("socket.write(Buffer.alloc(400000, 'x')); socket.end();"))
    assert len(await call.body(frames.INITIAL_CREDIT)) == frames.INITIAL_CREDIT
    await guest.ping()
    assert call.heard() == []
    assert len((await call.answer()).body) == 400_006


async def test_an_unread_socket_takes_no_more_than_its_credit(guest):
    call = open_(guest, f"module.exports = (ctx, req, res) => {{ req.socket.write('{SWITCH}'); }}")
    call.send(bytes(frames.INITIAL_CREDIT))
    await call.head()
    await guest.ping()
    assert frames.CREDIT not in call.heard()


async def test_a_reading_socket_is_given_credit(guest):
    call = open_(
        guest, f"module.exports = (ctx, req, res) => {{ req.socket.write('{SWITCH}'); req.socket.resume(); }}"
    )
    call.send(bytes(200_000))
    await call.credited(131_072)


async def test_a_client_that_leaves_closes_the_socket(guest):
    call = open_(guest, echo())
    await call.body(6)
    call.reset()
    assert await seen(guest) == ["close"]


async def test_a_destroyed_socket_resets_the_stream(guest):
    call = open_(guest, echo("socket.destroy();"))
    assert (await call.answer()).ending == "reset"


async def test_the_response_answers_as_on_any_request(guest):
    code = "module.exports = (ctx, req, res) => { req.on('end', () => { res.statusCode = 426; res.end('no'); }).resume(); }"
    answer = await open_(guest, code).answer()
    assert (answer.status, answer.body, answer.ending) == (426, b"no", "end")


async def test_models_without_a_socket_answer_plainly(guest):
    call = open_(guest, "module.exports = (ctx, cb) => setImmediate(cb, null, 'plain')")
    call.send(b"bytes of the other protocol")
    assert (await call.answer()).json == "plain"


async def test_the_response_is_out_of_it_after_the_switch(guest):
    call = open_(guest, echo("res.end('not this'); req.on('close', () => seen.push('request'));" + ENDS))
    call.end()
    assert (await call.answer()).body == b"hello bye"
    assert "request" not in await seen(guest)


@pytest.mark.parametrize("offers", [True, False])
async def test_a_refusal_in_plain_text_is_an_answer(guest, offers):
    code = r"""module.exports = (ctx, req, res) => {
      req.socket.once('finish', req.socket.destroy);
      req.socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 4\r\nX-Why: caf\u00e9\r\n\r\nwhy?');
    }"""
    answer = await guest.open(guest.load(code), **(UPGRADE if offers else {})).answer()
    assert (answer.status, answer.reason, answer.body) == (401, "Unauthorized", b"why?")
    assert answer.header("x-why") == [
        "caf\u00c3\u00a9"
    ]  # text is written as UTF-8, headers are read as Latin-1
    assert answer.ending == "end"


async def test_a_head_may_come_in_pieces_and_after_information(guest):
    text = "HTTP/1.1 100 Continue\\r\\n\\r\\n" + SWITCH
    call = open_(
        guest,
        f"module.exports = (ctx, req, res) => {{ for (const c of '{text}yes') req.socket.write(c); req.socket.end(); }}",
    )
    call.end()
    answer = await call.answer()
    assert (answer.status, answer.body) == (101, b"yes")


BAD = {
    "no HTTP": "hello\\r\\n\\r\\n",
    "a status of no answer": "HTTP/1.1 999 What\\r\\n\\r\\n",
    "a header without a colon": "HTTP/1.1 101 Yes\\r\\nUpgrade echo\\r\\n\\r\\n",
    "a folded header": "HTTP/1.1 101 Yes\\r\\nUpgrade: a\\r\\n b: c\\r\\n\\r\\n",
    "a bare line feed": "HTTP/1.1 101 Yes\\r\\nUpgrade: a\\nSet-Cookie: b\\r\\n\\r\\n",
    "chunks": "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n",
}


@pytest.mark.parametrize("how", BAD)
async def test_a_head_that_is_none_resets_the_stream_and_is_told(guest, how):
    answer = await open_(
        guest, f"module.exports = (ctx, req, res) => {{ req.socket.write('{BAD[how]}'); }}"
    ).answer()
    assert (answer.status, answer.ending) == (0, "reset")
    assert (await guest.line())["l"] == "error"


async def test_a_head_without_end_is_cut(guest):
    code = """module.exports = (ctx, req, res) => {
      req.socket.write('HTTP/1.1 101 Yes\\r\\n');
      const more = () => req.socket.write('X: y\\r\\n', error => { if (!error) setImmediate(more); });
      more();
    }"""
    assert (await open_(guest, code).answer()).ending == "reset"
    assert "32768" in (await guest.line())["m"]


async def test_nobody_switches_what_did_not_offer_it(guest):
    answer = await guest.run(f"module.exports = (ctx, req, res) => {{ req.socket.write('{SWITCH}'); }}")
    assert (answer.status, answer.ending) == (0, "reset")


async def test_a_socket_that_ends_without_an_answer_resets_the_stream(guest):
    assert (await guest.run("module.exports = (ctx, req, res) => { req.socket.end(); }")).ending == "reset"


async def test_a_failure_before_the_switch_is_the_answer(guest):
    answer = await open_(
        guest, "module.exports = async (ctx, req, res) => { throw new Error('no') }"
    ).answer()
    assert answer.status == 500
    assert json.loads(answer.body)["message"] == "no"


async def test_a_rejection_after_the_switch_ends_the_connection(guest):
    answer = await open_(
        guest,
        f"module.exports = async (ctx, req, res) => {{ req.socket.write('{SWITCH}'); throw new Error('no') }}",
    ).answer()
    assert (answer.status, answer.ending) == (101, "reset")
