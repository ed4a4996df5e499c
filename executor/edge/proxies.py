"""Who may speak for others: the proxies in front of this node, by their addresses."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network

from executor.edge.request import Request
from executor.egress.addresses import parse

Network = IPv4Network | IPv6Network


class Proxies:
    """Without any, what a client says of itself in X-Forwarded-* is not believed."""

    def __init__(self, trusted: Iterable[Network]) -> None:
        self._trusted = tuple(trusted)
        self._trusts = lru_cache(maxsize=4096)(self._looks)

    def introduce(self, request: Request) -> None:
        """Where a trusted proxy says for whom and how it asks, the request is that client's."""
        if self._trusted and self._trusts(request.client):
            request.client = self._client(request.client, _all(request, b"x-forwarded-for"))
            request.scheme = _scheme(request.scheme, _all(request, b"x-forwarded-proto"))

    def _client(self, peer: str, forwarded: str) -> str:
        """Of those that are named, the last that is no proxy itself."""
        named = [part.strip() for part in forwarded.split(",")]
        for address in reversed(named):
            try:
                peer = str(parse(_without_port(address)))
            except ValueError:
                break  # whoever wrote this, what stands before it is hearsay
            if not self._trusts(peer):
                break
        return peer

    def _looks(self, address: str) -> bool:
        try:
            found = parse(address)
        except ValueError:
            return False
        return any(found in network for network in self._trusted)


def _all(request: Request, name: bytes) -> str:
    """Of all the lines of this name: some proxies add one of their own behind the client's."""
    return ",".join(value.decode("latin-1") for known, value in request.headers if known.lower() == name)


def _scheme(scheme: str, forwarded: str) -> str:
    # The last one is the trusted proxy's own word.
    named = forwarded.rpartition(",")[2].strip().lower()
    return named if named in {"http", "https"} else scheme


def _without_port(text: str) -> str:
    """Some proxies add one: 1.2.3.4:5678, [::1]:5678."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
