"""What webtasks and their tokens keep sealed."""

from typing import Any

from console.accounts.claims import turn_context
from console.accounts.models import Token
from console.accounts.rotation import KINDS, Kind, Turn
from console.webtasks.events import Change
from console.webtasks.models import Secret, Webtask
from console.webtasks.steps import announce


def _secret(row: Secret, turn: Turn) -> dict[str, Any]:
    return {"value": turn(bytes(row.value), *row.place)}


def _token(row: Token, turn: Turn) -> dict[str, Any]:
    claims = row.claims
    return {"claims": {**claims, "ectx": turn_context(claims["ectx"], claims.get("ten"), turn)}}


def _token_changed(row: Token) -> None:
    """Its JWT is another text now; code that compares it with what it is shown gets the new one."""
    for webtask in Webtask.objects.select_related("team").filter(token=row):
        announce(Change.of_settings(webtask))


KINDS += [
    Kind(
        title="secrets of webtasks",
        rows=lambda: Secret.objects.select_related("webtask__team"),
        columns=_secret,
    ),
    Kind(
        title="secrets in tokens",
        rows=lambda: Token.objects.filter(claims__has_key="ectx").defer("code"),
        columns=_token,
        changed=_token_changed,
    ),
]
