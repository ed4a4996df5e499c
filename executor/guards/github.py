"""GitHub (docs.github.com, “Validating webhook deliveries”): the body alone is signed, and no time."""

from executor.guards.claim import Claim, Headers, of_hex, one, some

SIGNATURE = "X-Hub-Signature-256"
_FORM = b"sha256="


def read(headers: Headers) -> Claim:
    """Raises Unsigned."""
    value = one(headers, SIGNATURE)
    signature = of_hex(value[len(_FORM) :]) if value.startswith(_FORM) else None
    return Claim(b"", some([signature], SIGNATURE))
