"""The executor's settings: environment variables read once, each by a typed reader.

A wrong value stops the start with its name, what is wrong and what to write instead. docs/settings.md lists
them all.
"""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Self

from executor.ceilings import ceilings, clamp
from executor.contract import Limits
from executor.machine import memory

MOST_PORTS = 100
# One worker's.
_LEAST_MEMORY = 32 << 20


class ConfigError(Exception):
    """Text for the person who starts the executor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    data: Path
    host: str
    port: int
    console: str  # "unix:<path>" or "http(s)://…"
    console_host: str
    domain: str
    name: str
    node_token: str
    pool_size: int
    max_workers: int
    memory_budget: int  # bytes
    recycle_requests: int
    accept_weaker: frozenset[str]
    ceiling: Limits
    # Ranges of proxies whose X-Forwarded-For and -Proto are believed.
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    # None is the usual ones, empty is no network at all.
    egress_ports: tuple[int, ...] | None
    # Ranges that are not public and may be reached all the same.
    egress_private: tuple[IPv4Network | IPv6Network, ...]
    # None is the one that npm knows.
    npm_registry: str | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Raises ConfigError."""
        data = data_directory(env)
        return cls(
            data=data,
            host=env.get("WEBTASKS_HOST", "127.0.0.1"),
            port=_integer(env, "WEBTASKS_PORT", default=8000, low=0, high=65535),
            console=_console(env, data),
            console_host=env.get("WEBTASKS_CONSOLE_HOST", "localhost").lower(),
            domain=env.get("WEBTASKS_DOMAIN", "localhost").lower().strip("."),
            name=env.get("WEBTASKS_EXECUTOR_NAME", socket.gethostname()),
            node_token=_node_token(env, data),
            pool_size=_integer(env, "WEBTASKS_POOL_SIZE", default=2, low=1, high=1000),
            max_workers=_integer(env, "WEBTASKS_MAX_WORKERS", default=32, low=1, high=10_000),
            memory_budget=_integer(
                env, "WEBTASKS_MEMORY_BUDGET", default=memory() // 2, low=_LEAST_MEMORY, high=2**60
            ),
            recycle_requests=_integer(env, "WEBTASKS_RECYCLE_REQUESTS", default=100_000, low=1, high=10**12),
            accept_weaker=accepted_weaker(env),
            ceiling=ceilings(
                lambda name, default, low, high: _integer(env, name, default=default, low=low, high=high)
            ),
            egress_ports=_ports(env),
            npm_registry=_registry(env),
            egress_private=_ranges(env, "WEBTASKS_EGRESS_PRIVATE"),
            trusted_proxies=_ranges(env, "WEBTASKS_TRUSTED_PROXIES"),
        )

    @property
    def worker_memory(self) -> int:
        """The budget, in bytes, of workers of deployments that set none."""
        return clamp(Limits(), self.ceiling).memory_bytes

    @property
    def console_socket(self) -> str | None:
        return self.console.removeprefix("unix:") if self.console.startswith("unix:") else None


def data_directory(env: Mapping[str, str] = os.environ) -> Path:
    return Path(env.get("WEBTASKS_DATA", "var")).resolve()


def accepted_weaker(env: Mapping[str, str] = os.environ) -> frozenset[str]:
    """The layers an operator goes without."""
    named = env.get("WEBTASKS_ACCEPT_WEAKER", "").split(",")
    return frozenset(part.strip() for part in named if part.strip())


def _integer(env: Mapping[str, str], name: str, *, default: int, low: int, high: int) -> int:
    text = env.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise ConfigError(f"{name}={text!r}: write a whole number from {low} to {high}")
    return int(text)


def _ports(env: Mapping[str, str]) -> tuple[int, ...] | None:
    text = env.get("WEBTASKS_EGRESS_PORTS")
    if text is None or text.strip() == "none":
        return None if text is None else ()
    parts = [part.strip() for part in text.split(",") if part.strip()]
    numbers = {int(part) if part.isascii() and part.isdigit() else 0 for part in parts}
    # Each is a descriptor that travels with a sandbox, and the kernel lets 253 of them travel together.
    if not 0 < len(numbers) <= MOST_PORTS or not all(0 < number < 65536 for number in numbers):
        raise ConfigError(
            f"WEBTASKS_EGRESS_PORTS={text!r}: write up to {MOST_PORTS} port numbers separated by commas, or none"
        )
    return tuple(sorted(numbers))


def _ranges(env: Mapping[str, str], name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    text = env.get(name, "")
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise ConfigError(f"{name}={text!r}: {error}. Write ranges like 10.0.0.0/8,fd00::/8") from None


def _registry(env: Mapping[str, str]) -> str | None:
    text = env.get("WEBTASKS_NPM_REGISTRY")
    if text is not None and not text.startswith(("http://", "https://")):
        raise ConfigError(f"WEBTASKS_NPM_REGISTRY={text!r}: write the http(s) address of an npm registry")
    return text


def _console(env: Mapping[str, str], data: Path) -> str:
    value = env.get("WEBTASKS_CONSOLE", f"unix:{data}/run/console.sock")
    if not value.startswith(("unix:", "http://", "https://")):
        raise ConfigError(
            f"WEBTASKS_CONSOLE={value!r}: write unix:/path/to/console.sock or http(s)://host:port"
        )
    return value


def _node_token(env: Mapping[str, str], data: Path) -> str:
    """From the variable, the file it names, or the file the console made for the executor beside it."""
    if token := env.get("WEBTASKS_NODE_TOKEN"):
        return token
    path = Path(env.get("WEBTASKS_NODE_TOKEN_FILE", data / "node_token"))
    try:
        token = path.read_text().strip()
    except OSError as error:
        raise ConfigError(
            f"no node token: set WEBTASKS_NODE_TOKEN, or make {path} readable ({error})"
        ) from error
    if not token:
        raise ConfigError(f"the node token in {path} is empty")
    return token


def from_environment() -> Config:
    return Config.from_env(os.environ)
