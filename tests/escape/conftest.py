"""The arena of each kind of user (tests/sandbox/person.py)."""

import os
import socket
from collections.abc import Iterator

import pytest

from tests.sandbox.conftest import person, pytest_generate_tests, pytest_pyfunc_call

__all__ = ["person", "pytest_generate_tests", "pytest_pyfunc_call"]


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What is there to be reached on the host, by the name a hostile program gives it."""
    secret = tmp_path_factory.mktemp("host") / "secret"
    secret.write_text("known to the host only")
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        datagrams.bind(("127.0.0.1", 0))
        abstract.bind(f"\0webtasks-{os.getpid()}")
        abstract.listen()
        yield {
            "HOST_TCP_PORT": str(listener.getsockname()[1]),
            "HOST_UDP_PORT": str(datagrams.getsockname()[1]),
            "HOST_ABSTRACT": f"webtasks-{os.getpid()}",
            "HOST_FILE": str(secret),
            "HOST_PID": str(os.getpid()),
        }
