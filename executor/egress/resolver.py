"""Looks names up the way this host does: its hosts file, its resolver, its search order."""

import asyncio
import contextlib
import socket
import threading
from typing import Protocol

from executor.egress import nameservers
from executor.egress.addresses import Address, parse
from executor.egress.dns import Question
from executor.egress.nameservers import NoAnswer

# Lookups wait for servers that a stranger may have chosen. They have threads of their own, enough of them that one
# worker's (questions.MAX_LOOKUPS) cannot hold up the others'.
_THREADS = 256
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
        self._threads = asyncio.Semaphore(_THREADS)

    async def look_up(self, host: str) -> tuple[Address, ...]:
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self._in_thread(host)
        except TimeoutError:
            raise Unresolved(f"no answer in {_PATIENCE:g} s") from None
        except socket.gaierror as error:
            if error.errno in {socket.EAI_NONAME, socket.EAI_NODATA}:
                raise NoSuchName(host) from error
            raise Unresolved(error.strerror) from error

    async def ask(self, question: Question) -> bytes:
        try:
            return await nameservers.ask(question, nameservers.configured())
        except NoAnswer as error:
            raise Unresolved(str(error)) from error

    async def _in_thread(self, host: str) -> tuple[Address, ...]:
        """In a thread that the end of this process need not wait for: no lookup can be broken off."""
        await self._threads.acquire()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[tuple[Address, ...]] = loop.create_future()

        def over(found: tuple[Address, ...] | OSError) -> None:
            self._threads.release()
            if answer.done():
                return
            if isinstance(found, OSError):
                answer.set_exception(found)
            else:
                answer.set_result(found)

        def work() -> None:
            found = _try(host)
            # The executor may have stopped meanwhile.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(over, found)

        threading.Thread(target=work, daemon=True).start()
        return await answer


def _try(host: str) -> tuple[Address, ...] | OSError:
    try:
        return _ask(host)
    except OSError as error:
        return error
    except UnicodeError as error:
        return socket.gaierror(socket.EAI_NONAME, str(error))


def _ask(host: str) -> tuple[Address, ...]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    addresses = dict.fromkeys(parse(str(place[0])) for *_, place in found)
    return tuple(addresses)[:MOST_ADDRESSES]
