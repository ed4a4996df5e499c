"""Looks names up the way this host does: its hosts file, its resolver, its search order."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from executor.egress import nameservers
from executor.egress.addresses import Address, parse
from executor.egress.dns import Question
from executor.egress.nameservers import NoAnswer

# Lookups wait for servers that a stranger may have chosen. They have threads of their own, enough of them that one
# worker's (Door.MAX_LOOKUPS) cannot hold up the others'.
_THREADS = 64
_PATIENCE = 10.0
# Of many addresses the first ones will do; each that does not answer costs the caller a time-out.
MOST_ADDRESSES = 8


class NoSuchName(Exception):
    """The resolver knows the name not to be there, or to have no address."""


class Unresolved(Exception):
    """The resolver could not say."""


class Resolver(Protocol):
    async def look_up(self, host: str) -> tuple[Address, ...]:
        """At least one address. Raises NoSuchName or Unresolved."""
        ...

    async def ask(self, question: Question) -> bytes:
        """The whole answer to a question for other records than addresses. Raises Unresolved."""
        ...


class HostResolver:
    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="resolver")

    async def look_up(self, host: str) -> tuple[Address, ...]:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await loop.run_in_executor(self._threads, _ask, host)
        except TimeoutError:
            raise Unresolved(f"no answer in {_PATIENCE:g} s") from None
        except socket.gaierror as error:
            if error.errno in {socket.EAI_NONAME, socket.EAI_NODATA}:
                raise NoSuchName(host) from error
            raise Unresolved(error.strerror) from error
        return found

    async def ask(self, question: Question) -> bytes:
        try:
            return await nameservers.ask(question, nameservers.configured())
        except NoAnswer as error:
            raise Unresolved(str(error)) from error

    def close(self) -> None:
        """Does not wait for lookups under way; their threads end with them."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _ask(host: str) -> tuple[Address, ...]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    addresses = dict.fromkeys(parse(str(place[0])) for *_, place in found)
    return tuple(addresses)[:MOST_ADDRESSES]
