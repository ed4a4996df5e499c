"""Turns a version or a draft into what an executor receives, and signs the grants that name one."""

import hashlib
import json
from typing import Any

from django.core import signing
from django.db.models import Model

from console.accounts.limits import effective
from console.accounts.models import Team, Token
from console.problems import Absent, Forbidden
from console.webtasks.models import Draft, Version, Webtask
from executor.contract import Deployment, Limits

GRANT_SECONDS = 60
_SALT = "webtasks.grant"


def digest_of(code: str, runtime: str, meta: dict[str, str]) -> str:
    """Names the content of a version: a restored one has the digest of the original."""
    content = json.dumps([code, runtime, meta], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def limits_of(webtask: Webtask) -> Limits:
    return effective(webtask.team.limits, webtask.limits)


def of_version(webtask: Webtask, version: Version) -> Deployment:
    # An older version that a grant names must not push the live one out of its place in the pool.
    live = version.pk == webtask.live_id
    return Deployment(
        team=webtask.team.slug,
        webtask=webtask.name,
        slot=str(webtask) if live else f"version:{version.pk}",
        version=version.number,
        label=f"v{version.number}",
        entry=_entry(webtask),
        files={_entry(webtask): version.code},
        runtime=version.runtime,
        meta=version.meta,
        egress=_egress(webtask),
        limits=limits_of(webtask),
    )


def of_draft(webtask: Webtask, draft: Draft) -> Deployment:
    return Deployment(
        team=webtask.team.slug,
        webtask=webtask.name,
        slot=f"draft:{draft.pk}",
        version=None,
        label="draft",
        entry=_entry(webtask),
        files={_entry(webtask): draft.code},
        egress=_egress(webtask),
        limits=limits_of(webtask),
    )


def of_token(token: Token, team: Team) -> Deployment:
    """All but the code of what a token runs ad hoc; the edge adds the body it was sent."""
    claims = token.claims
    return Deployment(
        team=team.slug,
        webtask=None,
        slot=f"token:{token.jti}",
        version=None,
        label="adhoc",
        entry="webtask.js",
        files={},
        params=claims.get("pctx", {}),
        parse_body=claims.get("pb"),
        merge_body=claims.get("mb", 0),
        limits=effective(team.limits),
    )


def find(team: str, name: str, grant: str) -> Deployment:
    """What an executor asks for: the live version, or what `grant` names. Raises Absent, Forbidden."""
    webtask = Webtask.objects.select_related("team", "live").filter(team__slug=team, name=name).first()
    if webtask is None:
        # The original's words first: published clients and scripts look for them.
        raise Absent(f"unable to resolve jtn to webtask token: team {team} has no webtask {name}")
    if grant:
        return _granted(webtask, grant)
    if webtask.live is None:
        raise Absent(f"unable to resolve jtn to webtask token: {team}/{name} has no published version yet")
    return of_version(webtask, webtask.live)


def grant(webtask: Webtask, target: Draft | Version) -> str:
    """Names what to run instead of the live version, for GRANT_SECONDS."""
    return signing.dumps({"webtask": webtask.pk, _kind(target): target.pk}, salt=_SALT)


def _granted(webtask: Webtask, grant: str) -> Deployment:
    try:
        names: dict[str, Any] = signing.loads(grant, salt=_SALT, max_age=GRANT_SECONDS)
    except signing.SignatureExpired:
        raise Forbidden("the grant has expired: ask the console for a new one") from None
    except signing.BadSignature:
        raise Forbidden("the grant was not signed by this console") from None
    if names.get("webtask") != webtask.pk:
        raise Forbidden(f"the grant is for another webtask than {webtask}")
    if "draft" in names:
        draft = Draft.objects.filter(pk=names["draft"], webtask=webtask).first()
        if draft is None:
            raise Absent("the draft is gone: it was published or discarded")
        return of_draft(webtask, draft)
    version = Version.objects.filter(pk=names["version"], webtask=webtask).first()
    if version is None:
        raise Absent("the version is gone")
    return of_version(webtask, version)


def _egress(webtask: Webtask) -> tuple[str, ...] | None:
    return None if webtask.egress is None else tuple(webtask.egress)


def _kind(target: Model) -> str:
    return "draft" if isinstance(target, Draft) else "version"


def _entry(webtask: Webtask) -> str:
    """The file's name as stack traces show it."""
    return webtask.name if webtask.name.endswith(".js") else f"{webtask.name}.js"
