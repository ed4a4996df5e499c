"""What is there to be reached on the host, set up for the time of an attack."""

import contextlib
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def targets() -> Iterator[dict[str, str]]:
    """By the name that hostile programs give each: a secret, listeners, a process."""
    with (
        tempfile.TemporaryDirectory(prefix="webtasks-host-") as directory,
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
        socket.socket(socket.AF_UNIX) as abstract,
        socket.socket(socket.AF_UNIX) as local,
    ):
        secret = Path(directory, "secret")
        secret.write_text("known to the host only")
        datagrams.bind(("127.0.0.1", 0))
        name = f"webtasks-{os.getpid()}-{os.urandom(4).hex()}"
        abstract.bind(f"\0{name}")
        abstract.listen()
        local.bind(f"{directory}/socket")
        local.listen()
        yield {
            "HOST_TCP_PORT": str(listener.getsockname()[1]),
            "HOST_UDP_PORT": str(datagrams.getsockname()[1]),
            "HOST_ABSTRACT": name,
            "HOST_SOCKET": f"{directory}/socket",
            "HOST_FILE": str(secret),
            "HOST_PID": str(os.getpid()),
        }
