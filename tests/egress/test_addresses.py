"""Which addresses may be reached: only public ones, in whatever form they are written."""

import ipaddress
from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executor.egress.addresses import is_this_host, parse, refusal

PUBLIC = (
    "93.184.216.34",
    "8.8.8.8",
    "1.1.1.1",
    "2606:4700::1111",
    "2a00:1450:4001::200e",
    "64:ff9b::808:808",
)
REFUSED = {
    "10.0.0.1": "private",
    "172.31.255.255": "private",
    "192.168.1.1": "private",
    "fd12::1": "private",
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "::1": "loopback",
    "169.254.1.1": "link-local",
    "fe80::1": "link-local",
    "fe80::1%eth0": "link-local",
    "169.254.169.254": "metadata",
    "168.63.129.16": "metadata",
    "100.100.100.200": "metadata",
    "fd00:ec2::254": "metadata",
    "100.64.0.1": "shared",
    "224.0.0.251": "multicast",
    "ff02::1": "multicast",
    "0.0.0.0": "unspecified",
    "0.1.2.3": "unspecified",
    "::": "unspecified",
    "255.255.255.255": "reserved",
    "240.0.0.1": "reserved",
    "::127.0.0.1": "reserved",
    "::ffff:10.0.0.1": "private",
    "::ffff:169.254.169.254": "metadata",
    "64:ff9b::a00:1": "private",
    "64:ff9b::7f00:1": "loopback",
    "64:ff9b::a9fe:a9fe": "metadata",
    "64:ff9b:1::808:808": "NAT64",
    "2002:808:808::1": "6to4",
    "2001:0:808:808::1": "Teredo",
    "2001:2::1": "reserved",
    "2001:db8::1": "documentation",
    "198.18.0.1": "benchmarking",
    "198.51.100.7": "documentation",
    "fec0::1": "site-local",
    "4000::1": "reserved",
}
v4 = st.integers(0, 2**32 - 1).map(IPv4Address)
v6 = st.integers(0, 2**128 - 1).map(IPv6Address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_open(address):
    assert refusal(parse(address)) is None


@pytest.mark.parametrize(("address", "kind"), REFUSED.items())
def test_all_others_are_refused_with_their_kind(address, kind):
    assert refusal(parse(address)) == f"{kind} address"


@given(v4)
def test_no_way_to_write_an_ipv4_address_opens_it(address):
    plain = refusal(address)
    mapped = IPv6Address(0xFFFF << 32 | int(address))
    translated = IPv6Address(int(IPv6Address("64:ff9b::")) | int(address))
    assert refusal(mapped) == refusal(parse(str(mapped))) == refusal(translated) == plain
    assert parse(str(mapped)) == address
    if plain is not None:
        wrapped = IPv6Address(0x2002 << 112 | int(address) << 80 | 1)
        compatible = IPv6Address(int(address))
        assert refusal(wrapped) is not None
        assert refusal(compatible) is not None


@given(st.one_of(v4, v6))
def test_what_is_open_is_global_in_pythons_eyes_too(address):
    if refusal(address) is None and address not in ip_network("64:ff9b::/96"):
        assert parse(str(address)).is_global
        assert not parse(str(address)).is_multicast


@given(st.one_of(v4, v6))
def test_a_named_range_opens_what_lies_in_it_and_nothing_else(address):
    private = (ip_network("10.1.0.0/16"), ip_network("fd12::/32"))
    opened = refusal(address) is not None and refusal(address, private) is None
    target = parse(str(address))
    assert opened == (any(target in network for network in private))


@pytest.mark.parametrize(
    ("address", "ranges", "reason"),
    [
        ("10.1.2.3", ["10.1.0.0/16"], None),
        ("::ffff:10.1.2.3", ["10.1.0.0/16"], None),
        ("127.0.0.1", ["127.0.0.1/32"], None),
        ("169.254.169.254", ["169.254.0.0/16"], "metadata address"),
        ("100.100.100.200", ["100.64.0.0/10"], "metadata address"),
        ("169.254.169.254", ["169.254.169.254/32"], None),
        ("0.0.0.0", ["0.0.0.0/0"], "unspecified address"),
        ("224.0.0.1", ["0.0.0.0/0"], "multicast address"),
    ],
)
def test_what_a_nodes_setting_can_open(address, ranges, reason):
    assert refusal(parse(address), tuple(map(ip_network, ranges))) == reason


def test_an_own_address_is_known():
    assert is_this_host(ipaddress.ip_address("127.0.0.1"))
    assert not is_this_host(ipaddress.ip_address("93.184.216.34"))
