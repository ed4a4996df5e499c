"""Which addresses a webtask may reach: the public ones, and private ranges that the node's owner named.

The ranges are IANA's special-purpose registries. Python's own `is_global` changes between patch releases; what is
refused here must not.
"""

import functools
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NEVER = {
    "0.0.0.0/8": "unspecified address",  # Linux connects it to this host
    "224.0.0.0/4": "multicast address",
    "240.0.0.0/4": "reserved address",  # and broadcast
    "::/128": "unspecified address",
    "ff00::/8": "multicast address",
}
# They hand out the node's credentials. A wide private range does not open them, only their very address does.
_METADATA = (
    "169.254.169.254/32",  # AWS, Azure, Google, OpenStack, DigitalOcean, Hetzner
    "169.254.169.253/32",  # AWS's resolver
    "169.254.170.2/32",  # AWS's containers
    "169.254.170.23/32",
    "100.100.100.200/32",  # Alibaba
    "168.63.129.16/32",  # Azure, although the address is a public one
    "192.0.0.192/32",  # Oracle
    "fd00:ec2::254/128",  # AWS
    "fd00:ec2::23/128",
    "fd20:ce::254/128",  # Google
)
_SPECIAL = {
    "10.0.0.0/8": "private address",
    "100.64.0.0/10": "shared address",
    "127.0.0.0/8": "loopback address",
    "169.254.0.0/16": "link-local address",
    "172.16.0.0/12": "private address",
    "192.0.0.0/24": "reserved address",
    "192.0.2.0/24": "documentation address",
    "192.88.99.0/24": "6to4 address",
    "192.168.0.0/16": "private address",
    "198.18.0.0/15": "benchmarking address",
    "198.51.100.0/24": "documentation address",
    "203.0.113.0/24": "documentation address",
    "::1/128": "loopback address",
    "64:ff9b:1::/48": "NAT64 address",
    "2001::/32": "Teredo address",
    "2001::/23": "reserved address",
    "2001:db8::/32": "documentation address",
    "2002::/16": "6to4 address",
    "3fff::/20": "documentation address",
    "fc00::/7": "private address",
    "fe80::/10": "link-local address",
    "fec0::/10": "site-local address",
}
_never = [(ip_network(text), reason) for text, reason in _NEVER.items()]
_metadata = [ip_network(text) for text in _METADATA]
_special = [(ip_network(text), reason) for text, reason in _SPECIAL.items()]
# Everything else in IPv6 is not handed out yet.
_global_unicast = IPv6Network("2000::/3")
_nat64 = IPv6Network("64:ff9b::/96")


# A webtask calls the same few hosts over and over.
@functools.lru_cache(maxsize=4096)
def parse(text: str) -> Address:
    """An address in its plainest form: without a scope, and as IPv4 when that is what the kernel would dial."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


@functools.lru_cache(maxsize=4096)
def refusal(address: Address, private: tuple[Network, ...] = ()) -> str | None:
    """Why it may not be reached, or None. `private` are the ranges that may be, although they are not public."""
    address = parse(str(address))
    if isinstance(address, IPv6Address) and address in _nat64:
        # A host without IPv4 reaches the public one by these.
        return refusal(IPv4Address(int(address) & 0xFFFF_FFFF), private)
    if reason := _first(address, _never):
        return reason
    named = [network for network in private if address in network]
    if any(address in network for network in _metadata):
        return None if exactly(address, named) else "metadata address"
    if named:
        return None
    unused = isinstance(address, IPv6Address) and address not in _global_unicast
    return _first(address, _special) or ("reserved address" if unused else None)


def exactly(address: Address, private: Iterable[Network]) -> bool:
    """Whether it is named itself, and not just a range around it."""
    return any(address in network and network.num_addresses == 1 for network in private)


def judge(address: Address, private: tuple[Network, ...] = ()) -> str | None:
    """Why this node may not dial it for a webtask, or None."""
    reason = refusal(address, private)
    if reason is not None or address.is_loopback or exactly(address, private):
        return reason
    return "address of this node" if is_this_host(address) else None


def is_this_host(address: Address) -> bool:
    """Whether it is an address of ours: a service behind the node's firewall would see a local client.

    Only an own address can be bound to, unless the kernel is told to bind to any.
    """
    return _can_bind(address) and not _can_bind(_strange(address))


def _strange(address: Address) -> Address:
    """An address of documentation, which no host has."""
    return IPv4Address("192.0.2.1") if address.version == 4 else IPv6Address("2001:db8::1")


def _can_bind(address: Address) -> bool:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError:
        return False
    return True


def _first(address: Address, ranges: Iterable[tuple[Network, str]]) -> str | None:
    return next((reason for network, reason in ranges if address in network), None)
