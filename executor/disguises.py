"""In which texts a secret's value shows up: itself, its parts that are secret alone, and each as it is commonly written."""

import base64
import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus, unquote, urlsplit

# What is shorter stands in every second line of a log by chance.
MIN_LENGTH = 6
# So does a number of fewer digits.
MIN_DIGITS = 10
# Settings rather than secrets; to hide them would hide what they say of anything else.
WORDS = frozenset({
    "default", "development", "disabled", "enabled", "example", "localhost", "password", "production", "secret",
    "staging", "testing", "undefined", "username",
})  # fmt: skip
_NUMBER = re.compile(r"[-+.,0-9]*")
# Of a key in PEM, which says nothing.
_BORDER = re.compile(r"-+(BEGIN|END) .*-+")
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f", "\v": "\\v", "\\": "\\\\"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")
# What the usual encoders leave as it is: encodeURIComponent, RFC 3986, the same in a path, encodeURI.
_SAFE = ("-_.!~*'()", "", "/", ";,/?:@&=+$-_.!~*'()#")
_PERCENT = re.compile(r"%[0-9A-F]{2}")

Encode = Callable[[str], Iterable[str]]


def is_hidden(text: str) -> bool:
    """Whether a text is worth hiding, and can be hidden without hiding much else."""
    if len(text) < MIN_LENGTH or text.lower() in WORDS or _BORDER.fullmatch(text):
        return False
    return len(text) >= MIN_DIGITS or not _NUMBER.fullmatch(text)


def parts(value: Any) -> Iterator[str]:
    """The texts of a secret's value that are to be hidden: strings in JSON, lines, the password of a URL, too."""
    waiting = deque([value])
    while waiting:
        one = waiting.popleft()
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str):
            text = _well_formed(one)
            if is_hidden(text):
                yield text
            inside = {line.strip() for line in text.splitlines()} | _passwords(text)
            yield from sorted(filter(is_hidden, inside - {text}))
            waiting.append(_container(text))


def _container(text: str) -> Any:
    """What JSON it is the text of; None where it is none, or nothing with parts."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _passwords(text: str) -> set[str]:
    """Drivers take a connection's URL apart, and print the parts."""
    if "://" not in text:
        return set()
    try:
        password = urlsplit(text).password or ""
    except ValueError:
        return set()
    return {password, unquote(password)}


def _well_formed(text: str) -> str:
    """As the guest writes it: half a surrogate pair has no UTF-8."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


# -- as it is written -----------------------------------------------------------------------------------------


def _itself(text: str) -> Iterator[str]:
    yield text


def _quoted(text: str) -> Iterator[str]:
    """In JSON, in JSON within JSON, and in what `console.log` makes of objects."""
    plain = json.dumps(text, ensure_ascii=False)[1:-1]
    yield from (plain, json.dumps(text)[1:-1], plain.replace("/", "\\/"), json.dumps(plain)[1:-1])
    inspected = _CONTROL.sub(_escape, text)
    yield from (inspected, inspected.replace("'", "\\'"))


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0]) or f"\\x{ord(found[0]):02X}"


def _in_urls(text: str) -> Iterator[str]:
    for safe in _SAFE:
        yield from _both_cases(quote(text, safe=safe))
    yield from _both_cases(quote_plus(text, safe="*-._"))


def _both_cases(encoded: str) -> Iterator[str]:
    yield encoded
    yield _PERCENT.sub(lambda found: found[0].lower(), encoded)


def _in_base64(text: str) -> Iterator[str]:
    """Alone, and inside of a longer text that was encoded as a whole: then as it falls on three characters."""
    raw = text.encode()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(raw).decode()
        for before in range(3):
            whole = encode(b"\0" * before + raw).decode()
            # The first and the last character may hold bits of what stands beside it.
            inner = whole[(before * 8 + 5) // 6 : (before + len(raw)) * 8 // 6]
            if len(inner) >= MIN_LENGTH:
                yield inner


# The likeliest first.
ENCODINGS: tuple[Encode, ...] = (_itself, _quoted, _in_urls, _in_base64)
