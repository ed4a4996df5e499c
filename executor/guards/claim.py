"""What a request's headers claim about its body: read before the body comes, checked when it is whole.

Every sender that we know signs by HMAC with SHA-256 over a few words and then the body as it is sent.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# (name as sent, value), as the edge read them.
Headers = Sequence[tuple[bytes, bytes]]

# A sender that changes its secret signs with the old one and the new one for a while.
MOST_SIGNATURES = 10
DIGEST_BYTES = 32
_HEX = re.compile(rb"[0-9A-Fa-f]{64}")
# Enough for some thousand years, and few enough to be a number at once.
_SECONDS = re.compile(rb"[0-9]{1,11}")


class Unsigned(Exception):
    """The headers claim nothing that could be checked; the text tells the sender what is missing or malformed."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`before` is signed in front of the body, any of `signatures` may match. `at`, in epoch seconds, is signed as well."""

    before: bytes
    signatures: tuple[bytes, ...]
    at: int | None = None

    def signed_by(self, keys: Iterable[bytes], body: Iterable[bytes]) -> bytes | None:
        """The digest of what is signed, `body` in pieces, where the request has a signature of it by one of `keys`.

        It is the same whoever signed: of several signatures somebody may leave out some, to pass for another request.
        Which of them match, and how far, is not to be told from the time that it takes.
        """
        makers = [hmac.new(key, self.before, "sha256") for key in keys]
        content = hashlib.sha256(self.before)
        for piece in body:
            content.update(piece)
            for maker in makers:
                maker.update(piece)
        found = False
        for maker in makers:
            made = maker.digest()
            for signature in self.signatures:
                found |= hmac.compare_digest(made, signature)
        return content.digest() if found else None


def one(headers: Headers, name: str) -> bytes:
    """The value of a header that must be there once: of two, nobody knows which one the sender meant. Raises Unsigned."""
    wanted = name.lower().encode()
    values = [value for known, value in headers if known.lower() == wanted]
    if not values:
        raise Unsigned(f"the header {name} is missing")
    if len(values) > 1:
        raise Unsigned(f"the header {name} came more than once")
    return values[0].strip(b" \t")


def seconds(text: bytes, name: str) -> int:
    """A time in epoch seconds. Raises Unsigned."""
    if not _SECONDS.fullmatch(text):
        raise Unsigned(f"the header {name} has no time in seconds")
    return int(text)


def of_hex(text: bytes) -> bytes | None:
    """A signature as hexadecimal digits; None when it cannot be one."""
    return bytes.fromhex(text.decode()) if _HEX.fullmatch(text) else None


def some(signatures: Iterable[bytes | None], name: str) -> tuple[bytes, ...]:
    """Those that can be one. Raises Unsigned."""
    found = tuple(dict.fromkeys(signature for signature in signatures if signature is not None))
    if not found:
        raise Unsigned(f"the header {name} has no signature of the form that is expected")
    if len(found) > MOST_SIGNATURES:
        raise Unsigned(f"the header {name} has more than {MOST_SIGNATURES} signatures")
    return found
