"""API tokens as their holders have them: `wtk_`, 256 random bits, a checksum. Kept as a digest, shown once.

The prefix and the checksum are for those who search texts for leaked credentials; the form is GitHub's
(“Behind GitHub's new authentication token formats”, 2021).
"""

import hashlib
import re
import secrets
import zlib

from console.accounts import tokens
from console.accounts.models import Token
from console.accounts.usage import used
from console.problems import Forbidden, Problem

PREFIX = "wtk_"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM = 43
_CHECK = 6
_FORM = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{_RANDOM}}})([0-9A-Za-z]{{{_CHECK}}})")


class Unknown(Problem):
    """The same for one that never was, one that ended and one that was revoked."""

    id = "unknown-token"
    status = 401
    title = "The token is not valid"


def fresh() -> str:
    random = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return PREFIX + random + _checksum(random)


def digest_of(key: str) -> str:
    """One round is enough: there are 256 bits to guess."""
    return hashlib.sha256(key.encode()).hexdigest()


def is_key(presented: str) -> bool:
    return presented.startswith(PREFIX)


def known(presented: str) -> Token:
    """The token, when it stands now, and so do its author and all it descends from. Raises Unknown."""
    form = _FORM.fullmatch(presented)
    if form is None or _checksum(form[1]) != form[2]:
        raise Unknown("An API token reads wtk_ and 49 letters and digits. Copy it whole.")
    found = Token.objects.select_related("team", "author").filter(digest=digest_of(presented)).first()
    if found is None or found.author is None or not found.author.is_active:
        raise Unknown(_NOT_IN_FORCE)
    try:
        tokens.stands(found)
    except Forbidden:
        raise Unknown(_NOT_IN_FORCE) from None
    used(found)
    return found


def _checksum(random: str) -> str:
    number, digits = zlib.crc32(random.encode()), ""
    for _ in range(_CHECK):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits


_NOT_IN_FORCE = "The token is unknown, has ended or was revoked."
