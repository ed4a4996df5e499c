"""Slack (api.slack.com, “Verifying requests from Slack”)."""

from executor.guards.claim import Claim, Headers, of_hex, one, seconds, some

SIGNATURE = "X-Slack-Signature"
TIME = "X-Slack-Request-Timestamp"
_VERSION = b"v0"


def read(headers: Headers) -> Claim:
    """Raises Unsigned."""
    value, time = one(headers, SIGNATURE), one(headers, TIME)
    version, _, digits = value.partition(b"=")
    signature = of_hex(digits) if version == _VERSION else None
    at = seconds(time, TIME)
    return Claim(b"%b:%b:" % (_VERSION, time), some([signature], SIGNATURE), at)
