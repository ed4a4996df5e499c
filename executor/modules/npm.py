"""npm behind walls: its root directory, its policy, and the registry that it asks."""

import asyncio
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from executor.modules import bounds
from executor.runtimes import libraries, root
from executor.runtimes.node import binary
from executor.runtimes.walls import ENVIRONMENT, ETC, MIB, RLIMITS, SCRATCH
from executor.sandbox.allowances import NODE
from executor.sandbox.network import DNS_PORT
from executor.sandbox.policy import Access, Grant, Policy, Quota, Rlimit, Tmpfs
from executor.sandbox.refusals import DEADLY, FORBIDDEN

HOME = "/npm"
PROGRAM = "/rt/install.js"
_GUEST = Path(__file__).resolve().parents[1] / "guest" / "npm" / "install.js"
# What the machine trusts: behind a company's proxy that is where its certificate is.
_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
_PORTS = {"http": 80, "https": 443}
_OWN = frozenset({"FSIZE"})


@dataclass(frozen=True, slots=True)
class Registry:
    url: str
    host: str
    port: int

    @classmethod
    def at(cls, url: str) -> Self:
        """Raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError(f"{url!r} is no http(s) address")
        return cls(url, parts.hostname, parts.port or _PORTS[parts.scheme])


def home() -> Path:
    """The npm that came with Node."""
    return binary().parents[1] / "lib" / "node_modules" / "npm"


def registry(named: str | None) -> Registry:
    """The one `named`, or else the one that npm itself would ask here. Raises ValueError, OSError, SubprocessError."""
    if named is None:
        asking = [str(binary()), str(home() / "bin" / "npm-cli.js"), "config", "get", "registry"]
        said = subprocess.run(asking, capture_output=True, text=True, check=True, timeout=30, cwd="/")
        named = said.stdout.strip()
    return Registry.at(named)


def prepare(data: Path) -> Path:
    """The root directory for npm, under `data`/roots."""
    node, npm = binary(), home()
    files = {"/bin/node": node, **libraries.needed(node), PROGRAM: _GUEST}
    for path in sorted(npm.rglob("*")):
        inner = path.relative_to(npm)
        if path.is_file() and inner.parts[0] not in {"docs", "man"}:
            files[f"{HOME}/{inner}"] = path
    if _CERTIFICATES.is_file():
        files[str(_CERTIFICATES)] = _CERTIFICATES
    return root.prepare(data / "roots", "npm", root.Content(files, ETC, ["/rt", SCRATCH]))


def policy(directory: Path, wish: str, registry: Registry) -> Policy:
    """`wish` is the JSON of what package.json calls dependencies. The network is the registry's port alone."""
    certificates = (
        {"NODE_EXTRA_CA_CERTS": str(_CERTIFICATES)} if (directory / "etc/ssl/certs").is_dir() else {}
    )
    return Policy(
        argv=("/bin/node", "--max-old-space-size=512", PROGRAM, HOME, registry.url, wish),
        environment={**ENVIRONMENT, **certificates},
        root=directory,
        directory=SCRATCH,
        rules=(*NODE, *FORBIDDEN, *DEADLY),
        grants=(
            Grant("/bin", Access.READ_EXECUTE, "Node itself"),
            *(
                Grant(f"/{name}", Access.READ_EXECUTE, "its libraries")
                for name in ("lib", "lib64", "usr")
                if (directory / name).is_dir()
            ),
            Grant("/rt", Access.READ, "the program"),
            Grant(HOME, Access.READ, "npm"),
            Grant("/etc", Access.READ, "names, certificates"),
            Grant(SCRATCH, Access.READ_WRITE, "where it installs"),
        ),
        rlimits=(
            *(limit for limit in RLIMITS if limit.name not in _OWN),
            Rlimit("FSIZE", bounds.SCRATCH_BYTES, "as much as /tmp holds"),
        ),
        ports=tuple(sorted({DNS_PORT, registry.port})),
        tmpfs=(Tmpfs(SCRATCH, bounds.SCRATCH_BYTES, bounds.SCRATCH_FILES),),
        quota=Quota(memory=bounds.SCRATCH_BYTES + 1024 * MIB),
    )


async def find_registry(named: str | None) -> Registry:
    """As registry(), without holding up anybody."""
    return await asyncio.to_thread(registry, named)
