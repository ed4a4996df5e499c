"""Endpoint 22 of the protocol: what is left of the rates that tokens set."""

from collections.abc import Sequence

from django.http import HttpResponse, JsonResponse

from console.accounts.models import Token
from console.accounts.roles import Action
from console.accounts.tokens import CONTAINER_RATES, TOKEN_RATES
from console.problems import Absent
from console.protocol.ask import Ask


def of_container(ask: Ask, team: str) -> HttpResponse:
    ask.bearer.team(team, Action.VIEW)
    return JsonResponse(_untracked(CONTAINER_RATES))


def of_token(ask: Ask, jti: str) -> HttpResponse:
    """For the token itself, those it descends from, and administrators."""
    token = Token.objects.defer("code").filter(jti=jti).first()
    if ask.bearer.claims.get("jti") not in (jti, *(token.claims.get("ca", []) if token else [])):
        ask.bearer.require_admin()
    if token is None:
        raise Absent(f"there is no token {jti}")
    return JsonResponse(_untracked(TOKEN_RATES))


def reset(ask: Ask, **_names: str) -> HttpResponse:
    ask.bearer.require_admin()
    return HttpResponse(status=204)


def _untracked(names: Sequence[str]) -> dict[str, int]:
    """0 says that nothing is counted here: each executor counts for itself."""
    return dict.fromkeys(names, 0)
