"""What accounts keep sealed: seeds of codes and of recovery codes, letters that wait."""

import base64
from typing import Any

from allauth.mfa.models import Authenticator

from console.accounts import factors, mail
from console.accounts.rotation import KINDS, Kind, Turn
from console.accounts.vault import Broken
from console.jobs.models import Job
from console.jobs.states import State

# As django-allauth names them in a row's data.
_SEEDS = ("secret", "seed")
_CODES = "migrated_codes"


def _factor(row: Authenticator, turn: Turn) -> dict[str, Any]:
    data = dict(row.data)
    for name in _SEEDS:
        if name in data:
            data[name] = _text(data[name], turn, factors.PLACE)
    if data.get(_CODES):
        data[_CODES] = [_text(code, turn, factors.PLACE) for code in data[_CODES]]
    return {"data": data}


def _letter(row: Job, turn: Turn) -> dict[str, Any]:
    return {"payload": {**row.payload, "letter": _text(row.payload.get("letter"), turn, mail.PLACE)}}


def _text(sealed: Any, turn: Turn, place: str) -> str:
    """As text, in base 64. Raises Broken."""
    try:
        raw = base64.b64decode(sealed, validate=True)
    except (TypeError, ValueError) as error:
        raise Broken("it is not sealed at all") from error
    return base64.b64encode(turn(raw, place)).decode()


KINDS += [
    Kind(
        title="second factors",
        rows=lambda: Authenticator.objects.select_related("user").exclude(type=Authenticator.Type.WEBAUTHN),
        columns=_factor,
        name=lambda row: f"{row.get_type_display()} of {row.user.email}",
    ),
    Kind(
        # The others have been sent, or never will be.
        title="letters that wait",
        rows=lambda: Job.objects.filter(kind=mail.JOB, state__in=[State.QUEUED, State.RUNNING]),
        columns=_letter,
        name=lambda row: f"letter {row.pk}",
    ),
]
