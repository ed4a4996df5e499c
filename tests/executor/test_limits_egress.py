"""The network's limits, reached over HTTP: code gets a closed connection, the log says which limit it was."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import httpx
import pytest

from tests.executor.limited import Limited
from tests.stack import Member, Stack, free_port

LIMITED = """
const net = require('net');
const open = port => new Promise((resolve, reject) => {
  const socket = net.connect(port, '127.0.0.1').on('error', reject);
  socket.on('data', () => resolve(socket)).on('close', () => reject(new Error('closed')));
});
"""


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """The port of a server on this machine that greets whoever comes and sends back what it is sent."""
    listener = socket.create_server(("127.0.0.1", free_port()))

    def echo(connection: socket.socket) -> None:
        with connection, contextlib.suppress(ConnectionError):
            connection.sendall(b"hello")
            while data := connection.recv(65536):
                connection.sendall(data)

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=echo, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


@pytest.fixture(scope="module")
def keeper(tmp_path_factory, server) -> Iterator[Member]:
    """The owner of a team on a node that lets webtasks reach the server."""
    stack = Stack.start(
        tmp_path_factory.mktemp("network") / "data",
        WEBTASKS_EGRESS_PORTS=str(server),
        WEBTASKS_EGRESS_PRIVATE="127.0.0.1/32",
    )
    with Member(stack, stack.email, stack.password) as member:
        yield member
    assert stack.stop() == 0, stack.log.read_text()[-4000:]


def test_too_many_connections(keeper, server):
    code = f"""{LIMITED}
    module.exports = async cb => {{
      const kept = [await open({server}), await open({server})];
      const third = await open({server}).catch(error => error.code ?? error.message);
      kept.forEach(socket => socket.destroy());
      cb(null, {{ third }});
    }};"""
    one = Limited(keeper, "connections", code, {"egress_connections": 2})
    answer, line = one.reach("too many at once")
    assert answer.json()["third"] in ("ECONNRESET", "closed")
    said = "too many at once (limit of outbound connections: 2 connections, used: 3 connections)"
    assert line["text"] == f"network: connection to 127.0.0.1:{server} refused: {said}"


def test_no_connection_at_all(keeper, server):
    code = f"{LIMITED} module.exports = cb => {{ open({server}).then(() => cb(null, 1), cb); }};"
    answer, line = Limited(keeper, "none", code, {"egress_connections": 0}).reach("network is closed")
    assert answer.status_code == 400
    assert line["text"].endswith(
        "refused: the network is closed (limit of outbound connections: 0 connections)"
    )


def test_too_much_traffic(keeper, server):
    code = f"""{LIMITED}
    module.exports = async cb => {{
      const socket = await open({server});
      socket.removeAllListeners('close').on('close', () => cb(null, {{ closed: true }})).on('error', () => {{}});
      const more = () => {{ while (socket.writable && socket.write(Buffer.alloc(65536))); socket.once('drain', more); }};
      more();
    }};"""
    answer, line = Limited(keeper, "traffic", code, {"egress_bytes": 1 << 20}).reach("too much traffic")
    assert answer.json() == {"closed": True}
    assert "(limit of outbound traffic: 1 MiB a minute, used: " in line["text"]
    again = httpx.get(f"{keeper.stack.url}/api/run/acme/traffic", timeout=30)
    assert again.status_code == 500, "within the minute nothing more is let through"
