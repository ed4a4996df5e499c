"""Each takes bytes, gives them to one reader of ours, and asserts what must hold whatever they are."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from ipaddress import IPv4Address
from types import SimpleNamespace
from typing import Any, cast

from executor.call import BadCall, read
from executor.contract import Limits
from executor.edge.headers import BadHeader, answer_headers
from executor.egress import dns
from executor.egress.rules import Rules, normalize
from executor.guards.claim import DIGEST_BYTES, MOST_SIGNATURES, Unsigned
from executor.guards.senders import SENDERS
from executor.logs.budget import BURST_SECONDS
from executor.logs.collector import MAX_TAIL, MAX_TEXT, TAIL_LINES, Collector
from executor.logs.line import LEVELS, Line
from executor.logs.record import Origin
from executor.pool import frames
from executor.pool.calls import MAX_OPEN, Calls, largest
from executor.pool.heads import read_head
from executor.pool.place import Place
from executor.router import Unroutable, locate

LIMITS = Limits(log_lines=50, log_bytes=10_000)


def pieces(data: bytes) -> Iterator[bytes]:
    """As the bytes may come over a pipe: the first one says how many at a time."""
    size = (data[0] if data else 0) + 1
    yield from (data[at : at + size] for at in range(1, len(data), size))


def frame(data: bytes) -> None:
    """The same frames come out however the bytes were cut, each within its bound, and little is held back."""
    whole, cut = frames.Decoder(), frames.Decoder()
    assert _frames(whole, [data[1:]]) == _frames(cut, pieces(data))
    assert len(whole._rest) <= frames.MAX_HEAD + frames.HEADER_SIZE


def _frames(decoder: frames.Decoder, parts: Any) -> list[tuple[int, int, bytes] | str]:
    heard: list[tuple[int, int, bytes] | str] = []
    try:
        for part in parts:
            for kind, stream, payload in decoder.feed(part):
                assert len(payload) <= frames.GUEST_PAYLOAD[kind]
                heard.append((kind, stream, payload))
    except frames.FrameError as error:
        heard.append(str(error))
    return heard


def call(data: bytes) -> None:
    """What a guest may have open is bounded however it is cut, and a call says what it wants or is none."""
    asked: list[bytes] = []

    async def ask(text: bytes) -> bytes:
        asked.append(text)
        return text[:8]

    async def hear() -> None:
        calls = Calls(lambda _: None)
        calls.open(ask, Limits(storage_bytes=1024, code_bytes=1024))
        with suppress(frames.FrameError):
            for number, piece in enumerate(pieces(data)):
                # A piece with this first byte stands for one as large as a frame may be.
                more = piece * (frames.MAX_BODY // len(piece) + 1) if piece[:1] == b"+" else piece
                calls.heard(number % 6, more[: frames.MAX_BODY])
                assert sum(map(len, calls._unfinished.values())) <= MAX_OPEN * (
                    largest(LIMITS) + frames.MAX_BODY
                )
        await asyncio.sleep(0)
        calls.close()

    asyncio.run(hear())
    for text in [*asked, data[1:]]:
        with suppress(BadCall):
            assert isinstance(read(text).what, str)


def head(data: bytes) -> None:
    """What a guest calls the head of its answer never becomes a second answer, nor a switch that nobody offered."""
    offers = len(data) % 2 == 1
    try:
        status, reason, headers, source = read_head(data, offers=offers)
        kept = [
            *answer_headers(headers, on_console_host=False),
            *answer_headers(headers, on_console_host=True),
        ]
    except (BadHeader, ValueError):
        return
    assert 200 <= status <= 599 or (offers and status == 101)
    assert source in {"webtask", "compiler"}
    assert isinstance(reason, str)
    for name, value in kept:
        assert not set(name + value) & {"\r", "\n", "\0"}
        value.encode("latin-1")


def log(data: bytes) -> None:
    """Every line has a known level and text that can be stored, names one invocation or none; floods are cut."""
    lines: list[Line] = []
    labels: list[tuple[int, str]] = []
    still = SimpleNamespace(time=lambda: 0.0)
    collector = Collector(cast("asyncio.AbstractEventLoop", still), lines.append)
    collector.bind(Origin("acme", "hello", "v1"), LIMITS)
    collector.on_label = lambda port, invocation: labels.append((port, invocation))
    collector.overhear(Place(["hello.js"]).take)
    pipes = collector.pipes()
    for number in sorted(pipes):
        for piece in pieces(data):
            pipes[number].data_received(piece)
        pipes[number].connection_lost(None)
    collector.conclude("killed")
    assert collector.ended.is_set()
    assert len(lines) + len(labels) <= LIMITS.log_lines * BURST_SECONDS + 2
    assert len(collector.stderr_tail()) <= TAIL_LINES * (MAX_TAIL + 1)
    for line in lines:
        assert line.level in LEVELS
        assert len(line.text) <= MAX_TEXT + 100
        line.text.encode()
        assert line.invocation.replace(".", "", 1).isdigit() or line.invocation == ""


def question(data: bytes) -> None:
    """A datagram of a worker is a question or nothing; the answer is one that a resolver can read."""
    asked = dns.read(data)
    if asked is None:
        return
    for reply in (dns.answer(asked, dns.NO_SUCH_NAME), dns.answer(asked, address=IPv4Address("198.18.0.1"))):
        assert reply[:2] == data[:2]
        assert len(reply) <= len(data) + 16
    host = normalize(asked.host)
    assert host is None or normalize(host) == host


def rule(data: bytes) -> None:
    """An allow-list of one name allows that name alone, whatever is asked for in whatever spelling."""
    text = data.decode(errors="replace")
    pattern, _, asked = text.partition("\n")
    host = normalize(asked)
    Rules([pattern]).know(host or "")
    if host is None:
        return
    assert normalize(host) == host
    assert set(host) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_.:")
    if Rules(["api.example.com:443"]).allow(host, 443):
        assert host == "api.example.com"
    if Rules(["*.example.com:*"]).know(host):
        assert host.endswith(".example.com")


def target(data: bytes) -> None:
    """A URL names a team and a webtask of the allowed form, or nothing."""
    host, _, path = data.decode("latin-1").partition(" ")
    try:
        found = locate(host, path, domain="localhost")
    except Unroutable:
        return
    if found is not None:
        assert "/" not in found.team + (found.webtask or "")
        assert found.webtask not in {"", ".", ".."}


def signature(data: bytes) -> None:
    """Whatever stands in a webhook's headers, it is no claim or one of few signatures; none that we did not make matches."""
    which, _, rest = data.partition(b"\n")
    kind = sorted(SENDERS)[len(which) % len(SENDERS)]
    headers = []
    for line in rest.split(b"\n"):
        name, _, value = line.partition(b":")
        headers.append((name, value))
    try:
        claim = SENDERS[kind].read(headers)
    except Unsigned:
        return
    assert 0 < len(claim.signatures) <= MOST_SIGNATURES
    assert all(len(one) == DIGEST_BYTES for one in claim.signatures)
    assert claim.at is None or 0 <= claim.at < 10**11
    assert claim.signed_by([b"a key that nobody who makes these bytes has"], [data]) is None


TARGETS: dict[str, Callable[[bytes], None]] = {
    it.__name__: it for it in (frame, call, head, log, question, rule, signature, target)
}
