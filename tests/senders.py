"""Signs as senders of webhooks do: written from their documentation, apart from the code that checks."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable

Headers = dict[str, str]

# A secret of each, in the form that its sender shows it.
SECRETS = {
    "github": "It's a Secret to Everybody",
    "stripe": "whsec_4a8c1de2b0f94f0c9f2d7a5b6e3c1f00",
    "slack": "8f742231b10e8888abcd99yyyzzz85a5",
    "standard-webhooks": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
}
OTHERS = {
    "github": "another",
    "stripe": "whsec_another",
    "slack": "another",
    "standard-webhooks": "whsec_" + base64.b64encode(b"another key of 24 bytes and more").decode(),
}


def hexed(secret: str, signed: bytes) -> str:
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def github(secret: str, body: bytes, at: int) -> Headers:
    return {"X-Hub-Signature-256": f"sha256={hexed(secret, body)}", "X-GitHub-Delivery": "72d3162e"}


def stripe(secret: str, body: bytes, at: int) -> Headers:
    return {"Stripe-Signature": f"t={at},v1={hexed(secret, b'%d.%b' % (at, body))},v0=6ffbb59b"}


def slack(secret: str, body: bytes, at: int) -> Headers:
    signature = hexed(secret, b"v0:%d:%b" % (at, body))
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={signature}"}


def standard(secret: str, body: bytes, at: int, message: str = "msg_1") -> Headers:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, b"%b.%d.%b" % (message.encode(), at, body), hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(made).decode()}"
    return {"webhook-id": message, "webhook-timestamp": str(at), "webhook-signature": signature}


SIGN: dict[str, Callable[[str, bytes, int], Headers]] = {
    "github": github,
    "stripe": stripe,
    "slack": slack,
    "standard-webhooks": standard,
}


def signed(kind: str, body: bytes, *, secret: str = "", at: float | None = None) -> Headers:
    """Headers of a request of this kind's sender, made now."""
    return SIGN[kind](secret or SECRETS[kind], body, int(time.time() if at is None else at))
