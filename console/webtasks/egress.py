"""Where a webtask may connect to, as people write it."""

import re
from ipaddress import AddressValueError, IPv6Address

from console.problems import Invalid

MAX_RULES = 100
EXAMPLE = "api.example.com:443, *.example.com:443 or *:5432"

_LABEL = r"[a-z0-9_](?:[-a-z0-9_]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"\*|(?:\*\.)?{_LABEL}(?:\.{_LABEL})*")


def normal(rules: list[str]) -> list[str]:
    """In lower case, each once, in the order given. Raises Invalid, naming the first that is wrong."""
    if len(rules) > MAX_RULES:
        raise Invalid(f"There are {len(rules)} rules; the limit is {MAX_RULES}.", field="rules")
    return list(dict.fromkeys(_rule(rule) for rule in rules))


def _rule(rule: str) -> str:
    host, colon, port = rule.strip().lower().rpartition(":")
    if not colon:
        raise _wrong(rule, f"a rule is host:port, for example {EXAMPLE}")
    return f"{_host(rule, host)}:{_port(rule, port)}"


def _host(rule: str, host: str) -> str:
    if host.startswith("[") and host.endswith("]"):
        try:
            return f"[{IPv6Address(host[1:-1])}]"
        except AddressValueError:
            raise _wrong(rule, "that is no IPv6 address") from None
    if len(host) > 253 or not _NAME.fullmatch(host):
        raise _wrong(
            rule, "the host is a name, *.name for all below it, an address ([::1] for IPv6), or * for any"
        )
    return host


def _port(rule: str, port: str) -> str:
    if port == "*":
        return port
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65_535):
        raise _wrong(rule, "the port is a number from 1 to 65535, or * for any")
    return str(int(port))


def _wrong(rule: str, why: str) -> Invalid:
    return Invalid(f"“{rule[:100]}”: {why}.", field="rules")
