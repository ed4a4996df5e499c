"""Endpoint 21 of the protocol: what executors remember is forgotten."""

from django.http import HttpResponse

from console.accounts.roles import Action
from console.problems import Absent
from console.protocol.ask import Ask
from console.webtasks.access import find_webtask, published
from console.webtasks.events import Change


def purge(ask: Ask, team: str, name: str | None = None) -> HttpResponse:
    """Of one webtask, or of the whole container."""
    bearer = ask.bearer
    owner = bearer.team(team, Action.PUBLISH) if name is None else bearer.team_of(team, name, Action.PUBLISH)
    if name is not None:
        find_webtask(owner, name)
    elif not published(owner).exists():
        raise Absent(f"nothing of container {team} is cached")
    Change.of_purge(team, name).announce()
    return HttpResponse(status=204)
