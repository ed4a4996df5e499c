"""An npm registry on loopback: metadata and tarballs of packages that tests make up."""

import base64
import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import unquote


def tarball(files: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, text in files.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    return packed.getvalue()


@dataclass
class Registry:
    """`asked` are the paths that were asked for."""

    server: ThreadingHTTPServer
    packages: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @classmethod
    def start(cls) -> Self:
        registry = cls(ThreadingHTTPServer(("127.0.0.1", 0), _Handler))
        registry.server.registry = registry  # type: ignore[attr-defined]
        threading.Thread(target=registry.server.serve_forever, args=(0.05,), daemon=True).start()
        return registry

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def publish(
        self,
        name: str,
        version: str,
        code: str = "",
        *,
        dependencies: Mapping[str, str] | None = None,
        more: Mapping[str, str] | None = None,
        **manifest: Any,
    ) -> None:
        """A package whose index.js is `code`, or exports its name and version, with `more` files."""
        code = code or f"module.exports = {json.dumps(f'{name}@{version}')};"
        manifest |= {"name": name, "version": version, "dependencies": dict(dependencies or {})}
        data = tarball({"package.json": json.dumps(manifest), "index.js": code, **(more or {})})
        path = f"/{name}/-/{version}.tgz"
        self.files[path] = data
        integrity = base64.b64encode(hashlib.sha512(data).digest()).decode()
        manifest["dist"] = {"tarball": f"{self.url[:-1]}{path}", "integrity": f"sha512-{integrity}"}
        known = self.packages.setdefault(name, {"name": name, "dist-tags": {}, "versions": {}})
        known["versions"][version] = manifest
        known["dist-tags"]["latest"] = version


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        registry: Registry = self.server.registry  # type: ignore[attr-defined]
        path = unquote(self.path)
        registry.asked.append(path)
        found = registry.files.get(path)
        if found is None and path[1:] in registry.packages:
            found = json.dumps(registry.packages[path[1:]]).encode()
        self.send_response(404 if found is None else 200)
        body = b"{}" if found is None else found
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass
