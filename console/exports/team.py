"""What of an export is the team's own, not one of its webtasks'."""

from collections.abc import Iterator
from typing import Any

from console.accounts.access import members_of
from console.accounts.models import AuditEvent, Member, Team, Token
from console.accounts.names import names_of
from console.accounts.shapes import token_shape
from console.exports.bundle import Bundle, each
from console.webtasks.models import EgressCall, LogLine
from console.webtasks.shapes import call_shape, instant, limit_shapes, line_shape


def write(bundle: Bundle, team: Team) -> Iterator[bytes]:
    _, *former = names_of(team)
    about = {
        "slug": team.slug,
        "name": team.name,
        "former_names": former,
        "created_at": instant(team.created_at),
        "limits": {one["name"]: one["own"] for one in limit_shapes(team.limits) if one["own"] is not None},
    }
    yield from bundle.json("team.json", about)
    yield from bundle.json("members.json", [_member(one) for one in members_of(team)])
    tokens = Token.objects.filter(team=team).select_related("author").defer("code").order_by("created_at")
    yield from bundle.rows("tokens.jsonl", map(token_shape, tokens))
    events = AuditEvent.objects.filter(team_key=team.pk)
    yield from bundle.rows("audit.jsonl", each(events, _event))
    yield from bundle.newest("adhoc/logs.jsonl", _adhoc(LogLine, team), line_shape)
    yield from bundle.newest("adhoc/calls.jsonl", _adhoc(EgressCall, team), call_shape)


def _adhoc(model: Any, team: Team) -> Any:
    """Of what tokens ran without a webtask's name."""
    return model.objects.filter(team=team, webtask=None)


def _member(member: Member) -> dict[str, Any]:
    user = member.user
    return {
        "email": user.email,
        "name": user.name,
        "role": member.role,
        "since": instant(member.created_at),
    }


def _event(event: AuditEvent) -> dict[str, Any]:
    return {
        "at": instant(event.at),
        "actor": event.actor,
        "address": event.address,
        "team": event.team,
        "action": event.action,
        "object": event.object,
        "detail": event.detail,
    }
