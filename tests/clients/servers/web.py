"""An HTTP server with TLS or without, that says what it was asked."""

import contextlib
import http.server
import json
import ssl
import threading
from collections.abc import Iterator

from websockets.sync.server import ServerConnection, serve

from tests.clients.servers.authority import Pair


class Mirror(http.server.BaseHTTPRequestHandler):
    """Answers with the request: its path, its body, and which of its connection's requests it is."""

    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.served = 0

    def do_GET(self) -> None:
        self.served += 1
        if self.path == "/redirect":
            self._answer(302, b"", location="/after")
            return
        size = int(self.headers.get("content-length") or 0)
        said = {"path": self.path, "host": self.headers["host"], "request": self.served}
        body = self.rfile.read(size).decode()
        self._answer(200, json.dumps({**said, "body": body}).encode(), content_type="application/json")

    def do_POST(self) -> None:
        self.do_GET()

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def websockets(port: int) -> Iterator[None]:
    """Says everything back."""

    def echo(connection: ServerConnection) -> None:
        for message in connection:
            connection.send(message)

    with serve(echo, "127.0.0.1", port) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield
        server.shutdown()
        thread.join()


@contextlib.contextmanager
def web(port: int, pair: Pair | None = None) -> Iterator[None]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), Mirror) as server:
        server.daemon_threads = True
        if pair is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(pair.certificate_file, pair.key_file)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        # A client that refuses our certificate is what a test wants, not an event.
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield
        server.shutdown()
        thread.join()
