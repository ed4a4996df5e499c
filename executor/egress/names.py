"""The addresses a worker is told instead of real ones, so that a connection says which name was meant."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from executor.egress.addresses import Address

# For benchmarks of networks: nobody's, and never dialled.
FAKE = IPv4Network("198.18.0.0/15")
MOST = 4096


@dataclass(slots=True)
class Name:
    """`addresses` are what the host's resolver said at `at`; they are judged when they are dialled, not here."""

    host: str
    fake: IPv4Address
    addresses: tuple[Address, ...] = ()
    at: float = float("-inf")


class Names:
    """One worker's. The one used longest ago gives way; then its address leads nowhere."""

    def __init__(self) -> None:
        self._by_host: dict[str, Name] = {}
        self._by_fake: dict[IPv4Address, Name] = {}
        self._count = 0

    def of(self, host: str) -> Name:
        name = self._by_host.pop(host, None)
        if name is None:
            # Counted on, not reused at once: an address that a client still holds must not become another's.
            fake = FAKE[1 + self._count % (FAKE.num_addresses - 2)]
            self._count += 1
            name = self._by_fake[fake] = Name(host, fake)
        self._by_host[host] = name
        if len(self._by_host) > MOST:
            oldest = self._by_host.pop(next(iter(self._by_host)))
            del self._by_fake[oldest.fake]
        return name

    def meant_by(self, address: Address) -> Name | None:
        name = self._by_fake.get(address) if isinstance(address, IPv4Address) else None
        return None if name is None else self.of(name.host)
