"""The answers that wt-cli expects of the site it asks for versions: `/{name}@{range}/package.json`."""

import contextlib
import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote


@contextlib.contextmanager
def answering(versions: Mapping[str, str]) -> Iterator[int]:
    """Serves the newest version of each package, whatever the range, on the port it yields."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = unquote(self.path).removeprefix("/").rpartition("@")[0]
            version = versions.get(name)
            body = json.dumps({"name": name, "version": version}).encode()
            self.send_response(200 if version else 404)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()
