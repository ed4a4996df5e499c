"""Servers on the host's loopback, for clients behind the walls; the clients run as the user with the fewest rights."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.clients.servers.authority import Authority
from tests.clients.servers.databases import mariadb, postgres, redis
from tests.clients.servers.mail import Mailbox, mail
from tests.clients.servers.mongo import mongo
from tests.clients.servers.web import web, websockets
from tests.sandbox import person as people
from tests.sandbox.person import Person
from tests.stack import free_port

HOST = "service.example.com"
_NAMES = ("web", "secure", "postgres", "mariadb", "redis", "mail", "mongo", "websockets")


@dataclass(frozen=True, slots=True)
class Servers:
    """All on the host's loopback, known by the name HOST; `authority` is the PEM of who signed their certificates."""

    ports: dict[str, int]
    authority: str
    mailbox: Mailbox


@pytest.fixture(scope="session")
def person() -> Iterator[Person]:
    one = people.meet("ordinary")
    yield one
    one.leave()
    shutil.rmtree(one.data, ignore_errors=True)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    authority = Authority.establish(tmp_path_factory.mktemp("authority"))
    pair = authority.sign(HOST)
    ports = {name: free_port() for name in _NAMES}
    with contextlib.ExitStack() as stack:
        stack.enter_context(web(ports["web"]))
        stack.enter_context(web(ports["secure"], pair))
        stack.enter_context(websockets(ports["websockets"]))
        stack.enter_context(postgres(ports["postgres"], pair))
        stack.enter_context(mariadb(ports["mariadb"], pair))
        stack.enter_context(redis(ports["redis"]))
        stack.enter_context(mongo(ports["mongo"]))
        box = stack.enter_context(mail(ports["mail"], pair))
        yield Servers(ports, authority.own.certificate, box)
