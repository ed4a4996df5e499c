"""The table of senders: a guard's kind → how its requests are signed. The console offers these, the edge checks by them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from executor.guards import github, slack, standard, stripe
from executor.guards.claim import Claim, Headers


def _text(secret: str) -> bytes:
    """Raises ValueError."""
    if not secret:
        raise ValueError("a text that is not empty")
    return secret.encode()


@dataclass(frozen=True, slots=True)
class Sender:
    """`read` raises Unsigned; `key`, of a secret as the sender shows it, ValueError with what is expected."""

    title: str
    read: Callable[[Headers], Claim]
    key: Callable[[str], bytes] = _text


SENDERS: Mapping[str, Sender] = {
    "github": Sender("GitHub", github.read),
    "stripe": Sender("Stripe", stripe.read),
    "slack": Sender("Slack", slack.read),
    "standard-webhooks": Sender("Standard Webhooks", standard.read, standard.key),
}
