"""How the things of a webtask look as JSON: one shape for the API, the websocket and the pages."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypedDict

from django.conf import settings

from console.accounts.limits import effective
from console.accounts.models import User
from console.accounts.principals import Principal
from console.accounts.roles import Action
from console.webtasks.access import DraftView, allowed_with, draft_of
from console.webtasks.addresses import run_url, share_url
from console.webtasks.events import Change
from console.webtasks.models import (
    Collaborator,
    Draft,
    EgressCall,
    Invocation,
    LogLine,
    Secret,
    Version,
    Webtask,
)
from executor.limits import SETTABLE


class VersionSummary(TypedDict):
    number: int
    digest: str
    author: str | None
    message: str
    created_at: str
    live: bool
    restored_from: int | None


class DraftShape(TypedDict):
    code: str
    files: dict[str, str]
    base: int | None
    etag: str
    saved_at: str | None


class WebtaskSummary(TypedDict):
    team: str
    name: str
    url: str
    run_url: str
    description: str
    tags: list[str]
    live: VersionSummary | None
    guard: str
    paused: bool
    pinned: bool
    created_at: str


class WebtaskShape(WebtaskSummary):
    """As one principal sees it: `draft` is None for whoever may not see code."""

    draft: DraftShape | None
    allowed: list[str]


class Line(TypedDict):
    seq: int
    time: str
    level: str
    invocation: str
    label: str
    text: str


class InvocationShape(TypedDict):
    id: str
    label: str
    method: str
    path: str
    status: int
    ms: float
    time: str


class CallShape(TypedDict):
    """Of an EgressCall."""

    id: int
    time: str
    ms: float
    invocation: str
    label: str
    host: str
    port: int
    address: str
    sent: int
    received: int
    verdict: str


class SecretShape(TypedDict):
    """All that people are shown of one."""

    name: str
    changed_at: str


class GuardShape(TypedDict):
    kind: str
    secrets: list[str]
    tolerance: int
    pinned: bool


class ConfirmedShape(TypedDict):
    """Which executors have applied a change in time."""

    confirmed: list[str]
    unconfirmed: list[str]
    milliseconds: float


class CollaboratorShape(TypedDict):
    number: int
    email: str | None
    team: str | None
    rights: list[str]
    created_at: str


class LimitShape(TypedDict):
    """`own` is what is set here, `inherited` what holds without it, `value` what holds."""

    name: str
    title: str
    unit: str
    per: str
    help: str
    caller: str
    lowest: int
    ceiling: int
    default: int
    inherited: int
    own: int | None
    value: int


def limit_shapes(own: Mapping[str, int], *above: Mapping[str, int]) -> list[LimitShape]:
    """Of a team; of a webtask, with what is `above` it."""
    default, inherited, value = effective(), effective(*above), effective(*above, own)
    return [
        {
            "name": name,
            "title": row.title,
            "unit": row.unit,
            "per": row.per,
            "help": row.help,
            "caller": row.caller,
            "lowest": row.lowest,
            "ceiling": getattr(settings.CEILINGS, name),
            "default": getattr(default, name),
            "inherited": getattr(inherited, name),
            "own": own.get(name),
            "value": getattr(value, name),
        }
        for name, row in SETTABLE.items()
        if not (above and row.team)
    ]


def version_summary(version: Version, *, live: bool) -> VersionSummary:
    return {
        "number": version.number,
        "digest": version.digest,
        "author": str(version.author) if version.author else None,
        "message": version.message,
        "created_at": instant(version.created_at),
        "live": live,
        "restored_from": version.restored_from,
    }


def draft_shape(draft: DraftView | Draft) -> DraftShape:
    saved = draft if isinstance(draft, Draft) else draft.saved
    return {
        "code": draft.code,
        "files": dict(draft.files),
        "base": draft.base,
        "etag": draft.etag,
        "saved_at": instant(saved.saved_at) if saved else None,
    }


def webtask_summary(webtask: Webtask, *, code: bool = False) -> WebtaskSummary:
    """`code`: for somebody who may see its code. Others are not told who published it, nor what for."""
    live = version_summary(webtask.live, live=True) if webtask.live else None
    if live and not code:
        live |= {"author": None, "message": ""}
    team, name = webtask.team.slug, webtask.name
    return {
        "team": team,
        "name": name,
        "url": share_url(team, name),
        "run_url": run_url(team, name),
        "description": webtask.description,
        "tags": webtask.tags.split(),
        "live": live,
        "guard": webtask.guard,
        "paused": webtask.paused,
        "pinned": webtask.pinned,
        "created_at": instant(webtask.created_at),
    }


def webtask_shape(webtask: Webtask, who: Principal) -> WebtaskShape:
    """Raises Absent."""
    allowed = allowed_with(who, webtask)
    person = who.user if Action.CODE in allowed else None
    draft = draft_shape(draft_of(webtask, person)) if isinstance(person, User) else None
    summary = webtask_summary(webtask, code=Action.CODE in allowed)
    return {**summary, "draft": draft, "allowed": sorted(allowed)}


def collaborator_shape(collaborator: Collaborator) -> CollaboratorShape:
    return {
        "number": collaborator.pk,
        "email": collaborator.email or None,
        "team": collaborator.to_team.slug if collaborator.to_team else None,
        "rights": collaborator.rights,
        "created_at": instant(collaborator.created_at),
    }


def guard_shape(webtask: Webtask) -> GuardShape:
    return {
        "kind": webtask.guard,
        "secrets": webtask.guard_secrets,
        "tolerance": webtask.guard_tolerance,
        "pinned": webtask.pinned,
    }


def confirmed_shape(change: Change) -> ConfirmedShape:
    return {
        "confirmed": change.confirmed,
        "unconfirmed": change.unconfirmed,
        "milliseconds": change.milliseconds,
    }


def line_shape(line: LogLine) -> Line:
    return {
        "seq": line.pk,
        "time": instant(line.time),
        "level": line.level,
        "invocation": line.invocation,
        "label": line.label,
        "text": line.text,
    }


def invocation_shape(invocation: Invocation) -> InvocationShape:
    return {
        "id": invocation.invocation,
        "label": invocation.label,
        "method": invocation.method,
        "path": invocation.path,
        "status": invocation.status,
        "ms": invocation.ms,
        "time": instant(invocation.time),
    }


def call_shape(call: EgressCall) -> CallShape:
    return {
        "id": call.pk,
        "time": instant(call.time),
        "ms": call.ms,
        "invocation": call.invocation,
        "label": call.label,
        "host": call.host,
        "port": call.port,
        "address": call.address,
        "sent": call.sent,
        "received": call.received,
        "verdict": call.verdict,
    }


def secret_shape(secret: Secret) -> SecretShape:
    return {"name": secret.name, "changed_at": instant(secret.changed_at)}


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
