"""Stripe (docs.stripe.com, “Verify webhook signatures manually”): `t=…,v1=…`, with more than one v1 while secrets roll.

What has another version, such as the v0 of test events, counts for nothing: else an attacker would choose the weakest.
"""

from executor.guards.claim import Claim, Headers, Unsigned, of_hex, one, seconds, some

SIGNATURE = "Stripe-Signature"


def read(headers: Headers) -> Claim:
    """Raises Unsigned."""
    items = [item.strip(b" \t").partition(b"=") for item in one(headers, SIGNATURE).split(b",")]
    times = [value for name, _, value in items if name == b"t"]
    if len(times) != 1:
        raise Unsigned(f"the header {SIGNATURE} has no time, or more than one")
    at = seconds(times[0], SIGNATURE)
    signatures = some((of_hex(value) for name, _, value in items if name == b"v1"), SIGNATURE)
    return Claim(b"%b." % times[0], signatures, at)
