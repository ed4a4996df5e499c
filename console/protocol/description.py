"""Endpoint 23 of the protocol: whether people sign in for their clients, and where."""

from django.conf import settings
from django.http import JsonResponse

from console.accounts.logins import CLIENT_ID
from console.accounts.needs import Beyond, needs
from console.protocol.ask import Ask


@needs(Beyond.ANYONE)
def describe(_ask: Ask) -> JsonResponse:
    """Empty where nobody does: then clients bring a token."""
    if not settings.CLIENT_LOGIN:
        return JsonResponse({})
    origin = settings.CONSOLE_ORIGIN
    return JsonResponse({"authorization_server": origin, "audience": origin, "client_id": CLIENT_ID})
