"""Where a webtask may connect to, as people write it."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from console.problems import Invalid

MAX_RULES = 100
EXAMPLE = "api.example.com:443, *.example.com:443 or *:5432"

_LABEL = r"[a-z0-9_](?:[-a-z0-9_]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
# No name ends in a number: what does is some spelling of an address (2130706433, 127.1, 0x7f.1).
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")


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
    if host == "*":
        return host
    if host.startswith("[") and host.endswith("]"):
        return f"[{_address(rule, host[1:-1], IPv6Address)}]"
    if _NUMBER.fullmatch(host):
        return _address(rule, host, IPv4Address)
    wild, name = ("*.", host[2:]) if host.startswith("*.") else ("", host)
    try:
        name = name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        name = ""
    if len(name) > 253 or _NUMBER.fullmatch(name) or not _NAME.fullmatch(name):
        raise _wrong(
            rule, "the host is a name, *.name for all below it, an address ([::1] for IPv6), or * for any"
        )
    return wild + name


def _address(rule: str, text: str, kind: type[IPv4Address | IPv6Address]) -> str:
    try:
        return str(kind(text))
    except AddressValueError:
        raise _wrong(rule, "write an address in full, as in 93.184.216.34 or [2606:2800:220:1::5]") from None


def _port(rule: str, port: str) -> str:
    if port == "*":
        return port
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65_535):
        raise _wrong(rule, "the port is a number from 1 to 65535, or * for any")
    return str(int(port))


def _wrong(rule: str, why: str) -> Invalid:
    return Invalid(f"“{rule[:100]}”: {why}.", field="rules")
