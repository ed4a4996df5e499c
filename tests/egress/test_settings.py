"""The node's settings of the network: what they mean, and what a wrong one is told."""

from ipaddress import ip_network

import pytest

from executor.config import Config, ConfigError
from executor.egress.ports import USUAL, listened_on
from executor.sandbox.network import DNS_PORT


def config(**env: str) -> Config:
    return Config.from_env({"WEBTASKS_NODE_TOKEN": "token", **env})


def test_without_any_the_usual_ports_are_open_and_no_private_range():
    plain = config()
    assert listened_on(plain.egress_ports) == tuple(sorted({DNS_PORT, *USUAL}))
    assert plain.egress_private == ()


def test_ports_are_named_once_each_and_names_can_always_be_asked_for():
    assert listened_on(config(WEBTASKS_EGRESS_PORTS="443, 5432,443").egress_ports) == (53, 443, 5432)


def test_none_closes_the_network():
    assert listened_on(config(WEBTASKS_EGRESS_PORTS="none").egress_ports) == ()


def test_neither_spam_nor_guessing_of_passwords_is_usual():
    assert not {22, 23, 25, 3389} & set(USUAL)


def test_private_ranges():
    ranges = config(WEBTASKS_EGRESS_PRIVATE="10.1.0.0/16, fd00::/8,127.0.0.1").egress_private
    assert ranges == tuple(map(ip_network, ("10.1.0.0/16", "fd00::/8", "127.0.0.1/32")))


@pytest.mark.parametrize(
    "value", ["", "0", "65536", "https", "443;80", "-1", ",".join(map(str, range(1, 102)))]
)
def test_a_wrong_port_is_told_with_what_to_write(value):
    with pytest.raises(ConfigError, match=r"WEBTASKS_EGRESS_PORTS=.* write up to 100 port numbers"):
        config(WEBTASKS_EGRESS_PORTS=value)


@pytest.mark.parametrize("value", ["10.0.0.1/8", "intranet", "10.0.0.0/33"])
def test_a_wrong_range_is_told_with_what_to_write(value):
    with pytest.raises(ConfigError, match=r"WEBTASKS_EGRESS_PRIVATE=.*Write ranges like"):
        config(WEBTASKS_EGRESS_PRIVATE=value)
