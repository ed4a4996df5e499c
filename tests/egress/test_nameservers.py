"""What this host's name servers say is believed only when it answers what was asked."""

import asyncio
import contextlib
import socket
import struct

import pytest

from executor.egress import dns, nameservers
from executor.egress.dns import Question
from executor.egress.nameservers import NoAnswer
from tests.egress.lab import in_labels, serving, with_record

TXT = 16
RAW = in_labels("example.com") + struct.pack("!HH", TXT, 1)
QUESTION = Question(7, 0x0100, "example.com", TXT, RAW)
TRUTH = b"\x05truth"


class Server(asyncio.DatagramProtocol):
    """Answers each question with several datagrams, made from it."""

    def __init__(self, *replies) -> None:
        self.replies = replies

    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr) -> None:
        for reply in self.replies:
            self.transport.sendto(reply(data), addr)


def truth(query: bytes) -> bytes:
    (number,) = struct.unpack_from("!H", query)
    return with_record(Question(number, 0, "", TXT, query[12:]), TRUTH)


def of_another_number(query: bytes) -> bytes:
    return bytes([query[0] ^ 1]) + truth(query)[1:]


def to_another_question(query: bytes) -> bytes:
    return truth(query).replace(b"example", b"exbmple")


def no_answer_at_all(query: bytes) -> bytes:
    return query


def shouted(query: bytes) -> bytes:
    return truth(query).replace(b"example", b"EXAMPLE")


@contextlib.asynccontextmanager
async def listening(*replies):
    server = Server(*replies)
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: server, local_addr=("127.0.0.1", 0)
    )
    yield transport.get_extra_info("sockname")
    transport.close()


@pytest.mark.parametrize("reply", [truth, shouted])
def test_an_answer_is_handed_on_under_the_askers_number(background, reply):
    forged = (of_another_number, to_another_question, no_answer_at_all, lambda _: b"", lambda _: b"\xff" * 40)

    async def story() -> None:
        async with listening(*forged, reply) as place:
            answer = await nameservers.ask(QUESTION, [place])
        assert answer[:2] == b"\0\x07"
        assert answer.endswith(TRUTH)

    background.run(story())


def test_the_next_server_is_asked_when_one_is_not_there(background):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
        nobody.bind(("127.0.0.1", 0))
        gone = nobody.getsockname()

    async def story() -> None:
        async with listening(truth) as place:
            assert (await nameservers.ask(QUESTION, [gone, place])).endswith(TRUTH)
        with pytest.raises(NoAnswer):
            await nameservers.ask(QUESTION, [gone])

    background.run(story())


def test_what_does_not_fit_is_asked_for_by_stream(background):
    def cut(query: bytes) -> bytes:
        (number,) = struct.unpack_from("!H", query)
        return dns.truncated(Question(number, 0, "", TXT, query[12:]))

    async def stream(reader, writer):
        (length,) = struct.unpack("!H", await reader.readexactly(2))
        answer = truth(await reader.readexactly(length))
        writer.write(struct.pack("!H", len(answer)) + answer)
        await writer.drain()

    async def story() -> None:
        async with listening(cut) as place, serving(stream, place[1]):
            assert (await nameservers.ask(QUESTION, [place])).endswith(TRUTH)

    background.run(story())


def test_the_hosts_own_are_read_from_its_configuration(tmp_path, monkeypatch):
    file = tmp_path / "resolv.conf"
    file.write_text("# a comment\nsearch example.com\nnameserver 10.0.0.2\nnameserver fd00::2\nnameserver\n")
    monkeypatch.setattr(nameservers, "_CONFIGURED", file)
    assert nameservers.configured() == [("10.0.0.2", 53), ("fd00::2", 53)]
