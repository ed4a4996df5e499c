"""What is kept encrypted: AES-256-GCM, bound by its associated data to the one place where it belongs.

Sealed: one byte for the form, four for the key's id, twelve of nonce, then the ciphertext with its tag.
"""

import hashlib
import hmac
import json
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_FORM = b"\1"
_KEY_ID = 4
_NONCE = 12
_HEAD = len(_FORM) + _KEY_ID + _NONCE


class Broken(Exception):
    """Altered, moved here from another place, or sealed under a key that is no longer known."""


def seal(text: str, *place: str) -> bytes:
    """`place` names where it belongs, such as team, webtask and name; only there it opens again."""
    name, key = next(iter(_keys().items()))
    nonce = os.urandom(_NONCE)
    return _FORM + name + nonce + AESGCM(key).encrypt(nonce, text.encode(), _bound(place))


def unseal(sealed: bytes, *place: str) -> str:
    """Raises Broken."""
    key = _keys().get(sealed[len(_FORM) : len(_FORM) + _KEY_ID])
    if sealed[: len(_FORM)] != _FORM or key is None:
        raise Broken("it was sealed under a key that is not among WEBTASKS_SECRET_KEY and its fallbacks")
    try:
        nonce = sealed[_HEAD - _NONCE : _HEAD]
        return AESGCM(key).decrypt(nonce, sealed[_HEAD:], _bound(place)).decode()
    except (InvalidTag, ValueError) as error:
        raise Broken("it was altered, or belongs elsewhere") from error


def key_of(sealed: bytes) -> str:
    """The id of the key that it was sealed under, which tells nothing of the key."""
    return sealed[len(_FORM) : len(_FORM) + _KEY_ID].hex()


def keys() -> list[str]:
    """Ids of those that open, the one that seals first."""
    return [name.hex() for name in _keys()]


def newest() -> str:
    """The id of the key that seals."""
    return keys()[0]


def _bound(place: tuple[str, ...]) -> bytes:
    # As JSON: "a", "bc" must not read like "ab", "c".
    return json.dumps(place).encode()


def _keys() -> dict[bytes, bytes]:
    """Key id → key, the sealing one first. Derived, so that one secret is kept and none serves two purposes."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [hmac.digest(secret.encode(), b"webtasks.vault", "sha256") for secret in secrets]
    return {hashlib.sha256(b"kid" + key).digest()[:_KEY_ID]: key for key in keys}
