"""Endpoint 22 of the protocol: what is left of the rates that tokens set."""

from django.http import HttpResponse, JsonResponse

from console.accounts.models import Token
from console.accounts.needs import Beyond, needs
from console.accounts.roles import Action
from console.accounts.tokens import CONTAINER_RATES, TOKEN_RATES
from console.problems import Absent
from console.protocol.ask import Ask
from console.webtasks import rates


@needs(Action.VIEW)
def of_container(ask: Ask, team: str) -> HttpResponse:
    owner = ask.team(team)
    return JsonResponse(rates.left(f"container/{owner.slug}", CONTAINER_RATES))


@needs(Beyond.CREDENTIAL)
def of_token(ask: Ask, jti: str) -> HttpResponse:
    """For the token itself, those it descends from, and administrators."""
    token = Token.objects.defer("code").filter(jti=jti).first()
    if ask.bearer.claims.get("jti") not in (jti, *(token.claims.get("ca", []) if token else [])):
        ask.bearer.require_admin()
    if token is None:
        raise Absent(f"there is no token {jti}")
    return JsonResponse(rates.left(f"token/{jti}", TOKEN_RATES))


@needs(Beyond.ADMINISTRATOR)
def reset(ask: Ask, team: str = "", jti: str = "") -> HttpResponse:
    ask.bearer.require_admin()
    rates.reset(f"container/{team}" if team else f"token/{jti}")
    return HttpResponse(status=204)
