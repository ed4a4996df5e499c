"""How the things of a team look as JSON: one shape for the API and the pages."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TypedDict

from console.accounts.access_invitations import State
from console.accounts.models import AuditEvent, Invitation, Member, Token
from console.accounts.names import names_of
from console.accounts.sentences import parts, sentence
from console.accounts.terms import RATES


class TeamSummary(TypedDict):
    """As one of its members sees it."""

    slug: str
    name: str
    role: str
    created_at: str


class TeamShape(TeamSummary):
    """`former_names` lead to it too; `allowed` is all that its reader may do."""

    former_names: list[str]
    allowed: list[str]


class TokenShape(TypedDict):
    jti: str
    kind: str
    name: str
    author: str | None
    issuer: str | None
    scopes: list[str] | None
    webtasks: list[str] | None
    methods: list[str] | None
    rates: dict[str, int]
    depth: int
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    revoked_at: str | None


class MemberShape(TypedDict):
    number: int
    email: str
    name: str
    role: str
    joined_at: str


class InvitationShape(TypedDict):
    """`email` is None for a link. `accepted_…` tell of its last use."""

    number: int
    email: str | None
    role: str
    author: str | None
    state: str
    uses: int
    most_uses: int
    created_at: str
    expires_at: str
    accepted_at: str | None
    accepted_by: str | None


def team_summary(member: Member) -> TeamSummary:
    team = member.team
    return {
        "slug": team.slug,
        "name": team.name,
        "role": member.role,
        "created_at": _instant(team.created_at),
    }


def team_shape(member: Member, allowed: Iterable[str]) -> TeamShape:
    _, *former = names_of(member.team)
    return {**team_summary(member), "former_names": former, "allowed": sorted(allowed)}


def token_shape(token: Token) -> TokenShape:
    claims: dict[str, Any] = token.claims
    return {
        "jti": token.jti,
        "kind": token.kind,
        "name": token.name,
        "author": token.author.handle if token.author else None,
        "issuer": token.parent_id,
        "scopes": token.scopes,
        "webtasks": token.webtasks,
        "methods": token.methods,
        "rates": {period: claims[claim] for period, claim in RATES.items() if claim in claims},
        "depth": claims.get("dd", 1),
        "created_at": _instant(token.created_at),
        "expires_at": _instant(token.expires_at) if token.expires_at else None,
        "last_used_at": _instant(token.last_used_at) if token.last_used_at else None,
        "revoked_at": _instant(token.revoked_at) if token.revoked_at else None,
    }


def member_shape(member: Member) -> MemberShape:
    return {
        "number": member.pk,
        "email": member.user.handle,
        "name": member.user.name,
        "role": member.role,
        "joined_at": _instant(member.created_at),
    }


def invitation_shape(invitation: Invitation, state: State) -> InvitationShape:
    return {
        "number": invitation.pk,
        "email": invitation.email or None,
        "role": invitation.role,
        "author": invitation.author.email if invitation.author else None,
        "state": state,
        "uses": invitation.uses,
        "most_uses": invitation.most_uses,
        "created_at": _instant(invitation.created_at),
        "expires_at": _instant(invitation.expires_at),
        "accepted_at": _instant(invitation.accepted_at) if invitation.accepted_at else None,
        "accepted_by": invitation.accepted_by.email if invitation.accepted_by else None,
    }


class EventShape(TypedDict):
    id: int
    at: str
    actor: str
    token: str | None
    address: str | None
    action: str
    object: str
    text: str
    before: dict[str, Any]
    after: dict[str, Any]
    detail: dict[str, Any]


def event_shape(event: AuditEvent) -> EventShape:
    told = parts(event)
    return {
        "id": event.pk,
        "at": _instant(event.at),
        "actor": event.actor,
        "token": event.token or None,
        "address": event.address or None,
        "action": event.action,
        "object": event.object,
        "text": sentence(event),
        "before": told.before,
        "after": told.after,
        "detail": told.rest,
    }


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
