"""Names are looked up as the host does it, and slow lookups hold up neither others nor the end."""

import asyncio
import socket
import threading
from ipaddress import ip_address

import pytest

from executor.egress import resolver
from executor.egress.resolver import HostResolver, NoSuchName, Unresolved


def test_the_hosts_own_file_counts(background):
    async def story() -> None:
        found = await HostResolver().look_up("localhost")
        assert ip_address("127.0.0.1") in found

    background.run(story())


def test_what_the_resolver_says_is_told_apart(background, monkeypatch):
    def ask(host: str):
        if host == "absent":
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    monkeypatch.setattr(resolver, "_ask", ask)

    async def story() -> None:
        with pytest.raises(NoSuchName):
            await HostResolver().look_up("absent")
        with pytest.raises(Unresolved, match="try again"):
            await HostResolver().look_up("unsure")

    background.run(story())


def test_a_lookup_without_end_is_given_up_and_keeps_its_thread(background, monkeypatch):
    go = threading.Event()

    def ask(host: str):
        if host == "slow":
            go.wait()
        return (ip_address("127.0.0.1"),)

    monkeypatch.setattr(resolver, "_ask", ask)
    monkeypatch.setattr(resolver, "_THREADS", 2)
    monkeypatch.setattr(resolver, "_PATIENCE", 0.2)

    async def story() -> None:
        host = HostResolver()
        with pytest.raises(Unresolved, match="no answer"):
            await host.look_up("slow")
        # Of two threads one is left.
        assert await host.look_up("fast")
        waiting = asyncio.gather(host.look_up("slow"), host.look_up("fast"), return_exceptions=True)
        assert [type(it) for it in await waiting] == [Unresolved, Unresolved]
        go.set()
        assert await host.look_up("fast")

    background.run(story())
