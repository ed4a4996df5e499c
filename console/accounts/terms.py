"""What a token lets its holder do, and what of that the holder may pass on: always narrower, never wider. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from console.accounts.roles import Action
from console.problems import Invalid

# Claims of the protocol that bound how often: requests per second, minute, hour, day.
RATES = {"second": "lts", "minute": "ltm", "hour": "lth", "day": "ltd"}
# The highest that a rate can be.
MOST_RATE = 1_000_000_000
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# How often what a member issues may be issued from, one from another.
MAX_DEPTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """None is without bound. `webtasks` are names, `methods` of HTTP in capitals, `expires` seconds since the epoch.

    `rates` are requests in a period, a key of RATES. `depth` is how many generations may descend from it.
    """

    scopes: frozenset[Action] | None = None
    webtasks: frozenset[str] | None = None
    methods: frozenset[str] | None = None
    rates: Mapping[str, int] = field(default_factory=dict)
    expires: int | None = None
    depth: int = 0

    def narrowed(self, wanted: Self) -> Self:
        """What is left open in `wanted` is as here. Raises Invalid, for the first that would be wider, by its name."""
        if self.depth < 1:
            raise Invalid("This token cannot issue others.", field="depth")
        if wanted.depth > self.depth - 1:
            raise Invalid(f"At most {self.depth - 1} generations may follow.", field="depth")
        return type(self)(
            scopes=_subset("scopes", self.scopes, wanted.scopes),
            webtasks=_subset("webtasks", self.webtasks, wanted.webtasks),
            methods=_subset("methods", self.methods, wanted.methods),
            rates=_slower(self.rates, wanted.rates),
            expires=_sooner(self.expires, wanted.expires),
            depth=wanted.depth,
        )

    def columns(self) -> dict[str, list[str] | None]:
        """What the protocol has no words for, as a token's row keeps it."""
        named = {"scopes": self.scopes, "webtasks": self.webtasks, "methods": self.methods}
        return {name: None if values is None else sorted(values) for name, values in named.items()}

    def claims(self) -> dict[str, Any]:
        """As the protocol writes what it has words for."""
        claims: dict[str, Any] = {RATES[period]: count for period, count in self.rates.items()}
        if self.expires is not None:
            claims["exp"] = self.expires
        if self.webtasks is not None:
            claims["jtnm"] = sorted(self.webtasks)
        return {**claims, "dd": self.depth}


def _subset(name: str, above: frozenset[Any] | None, wanted: frozenset[Any] | None) -> frozenset[Any] | None:
    if above is None or wanted is None:
        return above if wanted is None else wanted
    if beyond := sorted(wanted - above):
        raise Invalid(f"{name}: “{beyond[0]}” is more than you may pass on.", field=name)
    return wanted


def _slower(above: Mapping[str, int], wanted: Mapping[str, int]) -> dict[str, int]:
    for period, count in wanted.items():
        if count > above.get(period, count):
            raise Invalid(f"rates: at most {above[period]:,} in a {period} may be passed on.", field="rates")
    return {**above, **wanted}


def _sooner(above: int | None, wanted: int | None) -> int | None:
    if above is None or wanted is None:
        return above if wanted is None else wanted
    if wanted > above:
        raise Invalid("expires_at: that is later than your own token ends.", field="expires_at")
    return wanted
