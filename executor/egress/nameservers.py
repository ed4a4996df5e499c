"""Asks this host's name servers for records that hold no address (SRV, TXT, MX …) and hands on what they say.

A webtask parses the answer itself, as it would anywhere; names in it are looked up, and connected to, by the same
rules as all others.
"""

import asyncio
import contextlib
import secrets
import socket
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from executor.egress import dns
from executor.egress.dns import Question

PATIENCE = 3.0
_LARGEST = 65_535
_CONFIGURED = Path("/etc/resolv.conf")
_RECURSION_DESIRED = 0x0100
# Host and port.
Place = tuple[str, int]


class NoAnswer(Exception):
    """No name server said anything that answers the question."""


def configured() -> list[Place]:
    """As the host has it now: it may have moved to another network since it started."""
    try:
        lines = _CONFIGURED.read_text(errors="replace").splitlines()
    except OSError:
        return []
    words = [line.split() for line in lines]
    return [(word[1], dns.PORT) for word in words if len(word) > 1 and word[0] == "nameserver"][:3]


async def ask(question: Question, servers: Iterable[Place]) -> bytes:
    """A whole message with the question's own number. Raises NoAnswer."""
    for server in servers:
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            async with asyncio.timeout(PATIENCE):
                return await _ask_one(question, server)
    raise NoAnswer("no answer from this node's name servers")


async def _ask_one(question: Question, server: Place) -> bytes:
    # Not the guest's number: an outsider who knows it could answer in the server's place.
    number = secrets.token_bytes(2)
    message = number + struct.pack("!5H", _RECURSION_DESIRED, 1, 0, 0, 0) + question.raw
    family, _, _, _, place = socket.getaddrinfo(*server, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST)[
        0
    ]
    answer = await _by_datagram(message, family, place)
    if dns.is_truncated(answer):
        answer = await _by_stream(message, place)
    return struct.pack("!H", question.id) + answer[2:]


async def _by_datagram(message: bytes, family: int, place: Any) -> bytes:
    loop = asyncio.get_running_loop()
    with socket.socket(family, socket.SOCK_DGRAM) as end:
        end.setblocking(False)
        # Connected: the kernel then drops what others send.
        end.connect(place)
        end.send(message)
        while True:
            answer = await loop.sock_recv(end, _LARGEST)
            if dns.answers(answer, message):
                return answer


async def _by_stream(message: bytes, place: Any) -> bytes:
    reader, writer = await asyncio.open_connection(*place[:2])
    try:
        writer.write(struct.pack("!H", len(message)) + message)
        (length,) = struct.unpack("!H", await reader.readexactly(2))
        answer = await reader.readexactly(length)
    finally:
        writer.close()
    if not dns.answers(answer, message):
        raise ConnectionError("an answer to another question")
    return answer
