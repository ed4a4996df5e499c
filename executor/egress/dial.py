"""Connects to one of a name's addresses, each of them judged just before: the address that was judged is dialled."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterable

from executor.egress.addresses import Address
from executor.egress.connection import describe

PATIENCE = 10.0
_KEEP_ALIVE_SECONDS = 60


class Refused(Exception):
    """A rule of ours; the text says which."""


class Failed(Exception):
    """The network, or what it leads to."""


async def dial(
    addresses: Iterable[Address], port: int, *, judge: Callable[[Address], str | None]
) -> tuple[socket.socket, Address]:
    """The first that answers. Raises Refused when none may be dialled, Failed when none answers."""
    refusals = {address: judge(address) for address in addresses}
    allowed = [address for address, reason in refusals.items() if reason is None]
    if not allowed:
        raise Refused(next(iter(refusals.values())) or "no address")
    try:
        async with asyncio.timeout(PATIENCE):
            return await _connect_first(allowed, port)
    except TimeoutError:
        raise Failed(f"no answer in {PATIENCE:g} s") from None
    except OSError as error:
        raise Failed(describe(error)) from error


async def _connect_first(addresses: list[Address], port: int) -> tuple[socket.socket, Address]:
    """Raises the last one's OSError."""
    for address in addresses[:-1]:
        with contextlib.suppress(OSError):
            return await _connect(address, port), address
    return await _connect(addresses[-1], port), addresses[-1]


async def _connect(address: Address, port: int) -> socket.socket:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    end = socket.socket(family, socket.SOCK_STREAM)
    try:
        end.setblocking(False)
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # A webtask can set this only on its own half; without it ours to a vanished host would stay for ever.
        end.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _KEEP_ALIVE_SECONDS)
        await asyncio.get_running_loop().sock_connect(end, (str(address), port))
    except BaseException:
        end.close()
        raise
    return end
