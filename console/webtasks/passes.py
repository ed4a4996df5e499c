"""How a person's browser gets from the console to a private webtask on another host.

A ticket goes over the URL: once, for half a minute, and only in the browser that has the secret of its `state`. Against it
the executor gets a pass, which stands for the session for ten minutes: sealed, so that nobody learns the session's key.
"""

import base64
import binascii
import hmac
import json
import secrets
import time
from collections.abc import Sequence
from typing import Any

from django.core.cache import cache

from console.accounts import vault
from console.problems import Forbidden

TICKET_SECONDS = 30
PASS_SECONDS = 600
_TICKET, _PASS = "ticket", "pass"


def ticket(session: str, team: str, webtask: str, state: str) -> str:
    return _seal(
        _TICKET, team, webtask, TICKET_SECONDS, session=session, state=state, id=secrets.token_hex(16)
    )


def exchange(shown: str, team: str, webtask: str, states: Sequence[str]) -> str:
    """The pass. Raises Forbidden."""
    told = _open(_TICKET, shown, team, webtask)
    if not any(hmac.compare_digest(told["state"].encode(), state.encode()) for state in states):
        raise Forbidden(
            "the ticket was made for another browser, or this one keeps no cookies: open the page again"
        )
    if not cache.add(f"webtasks.ticket.{told['id']}", 1, TICKET_SECONDS * 2):
        raise Forbidden(_OVER)
    return _seal(_PASS, team, webtask, PASS_SECONDS, session=told["session"])


def session_of(shown: str, team: str, webtask: str, *, timely: bool = True) -> str:
    """The key of the session that a pass stands for. Whoever was let in by it in time, and is still there, may stay for as
    long as the session. Raises Forbidden."""
    key: str = _open(_PASS, shown, team, webtask, timely=timely)["session"]
    return key


def _seal(kind: str, team: str, webtask: str, seconds: int, **told: str) -> str:
    text = json.dumps({**told, "until": time.time() + seconds})
    return base64.urlsafe_b64encode(vault.seal(text, team, webtask, kind)).decode().rstrip("=")


def _open(kind: str, shown: str, team: str, webtask: str, *, timely: bool = True) -> dict[str, Any]:
    """Raises Forbidden."""
    try:
        sealed = base64.urlsafe_b64decode(shown + "=" * (-len(shown) % 4))
        told: dict[str, Any] = json.loads(vault.unseal(sealed, team, webtask, kind))
    except (vault.Broken, binascii.Error, ValueError):
        raise Forbidden(
            f"the {kind} was not made for this webtask by this console: open the page again"
        ) from None
    if timely and told["until"] <= time.time():
        raise Forbidden(_OVER)
    return told


_OVER = "it was used already, or its time is over: open the page again"
