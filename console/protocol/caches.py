"""Endpoint 21 of the protocol: what executors remember is forgotten."""

from django.http import HttpResponse

from console.accounts.needs import needs
from console.accounts.roles import Action
from console.problems import Absent
from console.protocol.ask import Ask
from console.webtasks.access import find_webtask, published
from console.webtasks.events import Change


@needs(Action.PUBLISH)
def purge(ask: Ask, team: str, name: str | None = None) -> HttpResponse:
    """Of one webtask, or of the whole container."""
    owner = ask.team(team) if name is None else ask.team_of(team, name)
    if name is not None:
        find_webtask(owner, name)
    elif not published(owner).exists():
        raise Absent(f"nothing of container {team} is cached")
    Change.of_purge(owner.slug, name).announce()
    return HttpResponse(status=204)
