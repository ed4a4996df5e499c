"""Standard Webhooks 1.0.0 (standardwebhooks.com): three headers, `v1,BASE64` separated by spaces.

Signatures by a pair of keys, `v1a`, count for nothing here: a secret is what our side has.
"""

import base64
import binascii

from executor.guards.claim import DIGEST_BYTES, Claim, Headers, Unsigned, one, seconds, some

ID = "webhook-id"
TIME = "webhook-timestamp"
SIGNATURE = "webhook-signature"
_VERSION = b"v1"
_PREFIX = "whsec_"
# Of what the specification asks of a secret, the least.
_KEY_BYTES = 24


def read(headers: Headers) -> Claim:
    """Raises Unsigned."""
    message, time, value = one(headers, ID), one(headers, TIME), one(headers, SIGNATURE)
    if not message:
        raise Unsigned(f"the header {ID} is empty")
    # A dot separates what is signed: with one in the id, two different requests would have the same signature.
    if b"." in message:
        raise Unsigned(f"the header {ID} has a dot in it")
    at = seconds(time, TIME)
    signatures = some((_signature(item) for item in value.split(b" ")), SIGNATURE)
    return Claim(b"%b.%b." % (message, time), signatures, at)


def key(secret: str) -> bytes:
    """Raises ValueError, which says what is expected instead."""
    try:
        found = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if len(found) < _KEY_BYTES:
        raise ValueError(f"{_PREFIX} and then base64 of {_KEY_BYTES} bytes or more")
    return found


def _signature(item: bytes) -> bytes | None:
    version, comma, text = item.partition(b",")
    if version != _VERSION or not comma:
        return None
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if len(found) == DIGEST_BYTES else None
