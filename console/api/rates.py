"""How often an API token may ask: in each period that it names, counted for it and for all it descends from."""

import math
import threading
import time
from collections import OrderedDict
from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from console.accounts.models import Token
from console.accounts.terms import RATES

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
# Windows that are remembered. The oldest go first; there are more only when so many tokens are used at once.
_MOST = 100_000

_counts: OrderedDict[tuple[str, str, int], int] = OrderedDict()
_lock = threading.Lock()


class TokenRates(BaseThrottle):
    """Each console process counts on its own. A token that others issued cannot be used up by many of its children:
    what they ask counts for it as well."""

    def __init__(self) -> None:
        self._wait: float | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        token = request.auth
        if not isinstance(token, Token):
            return True
        now = time.time()
        windows = _windows(token, now)
        if not windows:
            return True
        with _lock:
            spent = [key for key, most in windows.items() if _counts.get(key, 0) >= most]
            if not spent:
                for key in windows:
                    _counts[key] = _counts.get(key, 0) + 1
                while len(_counts) > _MOST:
                    _counts.popitem(last=False)
                return True
        self._wait = max((start + 1) * SECONDS[period] - now for _, period, start in spent)
        return False

    def wait(self) -> float | None:
        """Seconds: DRF sends them as `Retry-After`."""
        return None if self._wait is None else math.ceil(self._wait)


def _windows(token: Token, now: float) -> dict[tuple[str, str, int], int]:
    """Each with the most that it allows: of the token and of its ancestors."""
    ancestors = Token.objects.filter(jti__in=token.claims.get("ca", [])) if "ca" in token.claims else ()
    return {
        (holder.jti, period, int(now // SECONDS[period])): holder.claims[claim]
        for holder in (token, *ancestors)
        for period, claim in RATES.items()
        if claim in holder.claims
    }
