"""Secrets taken out of what is kept: each place where a value stands becomes `[secret NAME]`.

One automaton finds all of them in one pass, however many there are and whatever the text: hostile code must not be able
to make its log cost more than anybody's.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product
from typing import Any
from urllib.parse import unquote_to_bytes

from ahocorasick_rs import MATCHKIND_LEFTMOST_LONGEST, BytesAhoCorasick, Implementation

from executor.contract import Deployment
from executor.disguises import ENCODINGS, parts

# Bytes. A longer form is found by its beginning, and hidden as far as the text agrees with it: it may have been cut off.
MAX_NEEDLE = 512
# Of one deployment. About 40 bytes of memory for each; the likeliest forms come first.
MAX_NEEDLES = 128 * 1024
# Of all that are remembered.
MAX_KEPT = 1024 * 1024
# What stands in the place of a value begins with this.
MARK = "[secret "
_WRITTEN = re.compile(rb"%[0-9A-Fa-f]{2}|.", re.DOTALL)
# Of few needles the library compares each wherever one might begin, and text can be made that is full of such places. In
# the company of these it goes by the automaton. No text holds them: no byte of theirs is UTF-8.
_COMPANY = [bytes(three) for three in product(range(0xF8, 0x100), repeat=3)][:150]
_ODD = re.compile(r"[\x00-\x1f\x7f\[\]]")

# Where it stands, and whose value it is.
Found = tuple[int, int, str]


class Redactor:
    """Falsy when there is nothing to look for. Raises nothing, whatever the text."""

    def __init__(self, secrets: Mapping[str, Any]) -> None:
        """By name, in the clear: strings, or what JSON knows."""
        # The whole forms that begin with a needle, and whose they are.
        self._forms: dict[bytes, list[bytes]] = {}
        self._names: list[str] = []
        self._hosts: dict[bytes, str] = {}
        self.weight = 0
        self._gather(secrets)
        self._needles = list(self._forms)

    def __bool__(self) -> bool:
        return bool(self._needles)

    def text(self, text: str) -> str:
        if not self._needles:
            return text
        data = text.encode(errors="surrogatepass")
        found = list(self._find(data))
        return _replaced(data, found).decode(errors="surrogatepass") if found else text

    def data(self, data: bytes) -> bytes:
        """Of a body: whatever it is."""
        found = list(self._find(data)) if self._needles else []
        return _replaced(data, found) if found else data

    def url(self, url: str) -> str:
        """A path or a query. Whoever sends one chooses which characters to escape: what it means counts as well."""
        if not self._needles:
            return url
        data = self.text(url).encode(errors="surrogatepass")
        if b"%" in data or b"+" in data:
            for spaces in (b"+", b" "):
                data = self._meant(data, spaces)
        return data.decode(errors="surrogatepass")

    def host(self, host: str) -> str:
        """Names of hosts come in lower case."""
        if not self._hosts:
            return host
        data = host.lower().encode(errors="surrogatepass")
        found = [
            (start, end, self._host_names[which])
            for which, start, end in self._host_finder.find_matches_as_indexes(data)
        ]
        return _replaced(data, found).decode(errors="surrogatepass") if found else host

    # -- finding -------------------------------------------------------------------------------------------

    def _gather(self, secrets: Mapping[str, Any]) -> None:
        values = [(name, text) for name in sorted(secrets) for text in dict.fromkeys(parts(secrets[name]))]
        for name, text in values:
            self._hosts.setdefault(text.lower().encode()[:MAX_NEEDLE], name)
        forms = ((form, name) for encode in ENCODINGS for name, text in values for form in encode(text))
        for form, name in forms:
            if not self._take(form.encode(), name):
                return

    def _take(self, form: bytes, name: str) -> bool:
        """False when there is no room for more."""
        needle = form[:MAX_NEEDLE]
        known = self._forms.get(needle)
        if known is None:
            self.weight += len(needle)
            if self.weight > MAX_NEEDLES:
                return False
            self._forms[needle] = [form]
            self._names.append(name)
        elif form not in known:
            known.append(form)
        return True

    @cached_property
    def _finder(self) -> BytesAhoCorasick:
        return _finder(self._needles)

    @cached_property
    def _host_finder(self) -> BytesAhoCorasick:
        return _finder(list(self._hosts))

    @cached_property
    def _host_names(self) -> list[str]:
        return list(self._hosts.values())

    def _find(self, data: bytes) -> Iterator[Found]:
        """In their order, none within another."""
        past = 0
        for which, start, end in self._finder.find_matches_as_indexes(data):
            if end > past and which < len(self._needles):
                yield max(start, past), (past := self._reach(data, which, end)), self._names[which]

    def _reach(self, data: bytes, which: int, end: int) -> int:
        """Where the value ends whose needle ends at `end`."""
        needle = self._needles[which]
        if len(needle) < MAX_NEEDLE:
            return end
        end += max(_agreement(data, end, form) for form in self._forms[needle])
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end += 1  # not within a character
        return end

    def _meant(self, url: bytes, spaces: bytes) -> bytes:
        """`spaces` is what a space is written as."""
        written = url.replace(spaces, b" ")
        found = list(self._find(unquote_to_bytes(written)))
        if not found:
            return url
        places = [one.span() for one in _WRITTEN.finditer(written)]
        return _replaced(url, [(places[start][0], places[end - 1][1], name) for start, end, name in found])


NOTHING = Redactor({})
_kept: "OrderedDict[str, Redactor]" = OrderedDict()


def redactor_of(deployment: Deployment) -> Redactor:
    """Made once for each deployment, while it is remembered."""
    if not deployment.secrets:
        return NOTHING
    made = _kept.get(deployment.digest)
    if made is None:
        made = _kept[deployment.digest] = Redactor(deployment.secrets)
        while sum(one.weight for one in _kept.values()) > MAX_KEPT:
            _kept.popitem(last=False)
    else:
        _kept.move_to_end(deployment.digest)
    return made


def is_redacted(value: Any) -> bool:
    """Whether there is anything in a secret's value that is hidden. An empty one has nothing to hide."""
    return value in ("", None) or any(True for _ in parts(value))


def _finder(needles: list[bytes]) -> BytesAhoCorasick:
    # Of all kinds the one that takes the least memory; the fastest takes a megabyte for a few secrets.
    kind = Implementation.ContiguousNFA
    return BytesAhoCorasick(needles + _COMPANY, matchkind=MATCHKIND_LEFTMOST_LONGEST, implementation=kind)


def _agreement(data: bytes, at: int, form: bytes) -> int:
    """How many bytes from `at` go on as `form` does after its needle."""
    low, high = 0, min(len(form) - MAX_NEEDLE, len(data) - at)
    while low < high:
        middle = (low + high + 1) // 2
        if data[at : at + middle] == form[MAX_NEEDLE : MAX_NEEDLE + middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _replaced(data: bytes, found: list[Found]) -> bytes:
    told, past = [], 0
    for start, end, name in found:
        told += [data[past:start], _mark(name).encode()]
        past = end
    return b"".join([*told, data[past:]])


def _mark(name: str) -> str:
    return f"{MARK}{_ODD.sub('?', name)}]"
