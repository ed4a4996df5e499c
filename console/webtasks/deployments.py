"""Turns a version or a draft into what an executor receives, and signs the grants that name one."""

import json
import re
from typing import Any

from django.core import signing
from django.db.models import Model

from console.accounts import tokens, vault
from console.accounts.audit import Actor
from console.accounts.claims import open_context
from console.accounts.limits import effective
from console.accounts.models import Team, Token
from console.problems import Absent, Forbidden
from console.webtasks.content import Content
from console.webtasks.models import Draft, Secret, Version, Webtask
from console.webtasks.vouchers import voucher_of
from executor.contract import Deployment, Limits

GRANT_SECONDS = 60
_KNOWN = re.compile(r"\.[cm]?[jt]s$")
_SALT = "webtasks.grant"


def limits_of(webtask: Webtask) -> Limits:
    return effective(webtask.team.limits, webtask.limits)


def secrets_of(webtask: Webtask) -> dict[str, Any]:
    """By name, in the clear. Raises vault.Broken."""
    place = (webtask.team.slug, webtask.name)
    rows = Secret.objects.filter(webtask=webtask).order_by("name")
    return {row.name: json.loads(vault.unseal(bytes(row.value), *place, row.name)) for row in rows}


def of_version(webtask: Webtask, version: Version) -> Deployment:
    # An older version that a grant names must not push the live one out of its place in the pool.
    live = version.pk == webtask.live_id
    content = Content.of(version)
    return Deployment(
        team=webtask.team.slug,
        webtask=webtask.name,
        slot=str(webtask) if live else f"version:{version.pk}",
        version=version.number,
        label=f"v{version.number}",
        entry=_entry(webtask),
        files={} if content.url else {_entry(webtask): content.code},
        **_of_content(webtask, content),
    )


def of_draft(webtask: Webtask, draft: Draft) -> Deployment:
    content = Content.of_draft(draft, webtask.live)
    return Deployment(
        team=webtask.team.slug,
        webtask=webtask.name,
        slot=f"draft:{draft.pk}",
        version=None,
        label="draft",
        entry=_entry(webtask),
        files={_entry(webtask): content.code},
        **_of_content(webtask, content),
    )


def of_token(token: Token, team: Team) -> Deployment:
    """What a token runs: the code that it fixes, or all but the code of what runs ad hoc: the body is that.

    A token that fixes a named webtask's code runs that as it is now. Raises Absent.
    """
    claims = token.claims
    url, code = claims.get("url", ""), tokens.code_of(token)
    if tokens.is_kept_here(url) and not code:
        return find(team.slug, tokens.name_in(url), "")
    ectx = claims.get("ectx")
    return Deployment(
        team=team.slug,
        webtask=None,
        # A worker is one team's for life, and a token may be good for several.
        slot=f"token:{token.jti}:{team.slug}",
        version=None,
        label="adhoc",
        entry="webtask.js",
        files={"webtask.js": code} if code else {},
        secrets=open_context(ectx, claims.get("ten")) if ectx else {},
        params=claims.get("pctx", {}),
        parse_body=claims.get("pb"),
        merge_body=claims.get("mb", 0),
        limits=effective(team.limits),
        voucher=voucher_of(token, team),
        **_of_claims(token),
    )


def of_person(actor: Actor, team: Team) -> Deployment:
    """All but the code of what a person who signed in for a client runs ad hoc."""
    return Deployment(
        team=team.slug,
        webtask=None,
        slot=f"login:{team.slug}:{actor.name}",
        version=None,
        label="adhoc",
        entry="webtask.js",
        files={},
        merge_body=0,
        limits=effective(team.limits),
    )


def find(team: str, name: str, grant: str) -> Deployment:
    """What an executor asks for: the live version, or what `grant` names. Raises Absent, Forbidden."""
    found = Webtask.objects.select_related("team", "live", "token").defer("token__code")
    webtask = found.filter(team__slug=team, name=name).first()
    if webtask is None:
        # The original's words first: published clients and scripts look for them.
        raise Absent(f"unable to resolve jtn to webtask token: team {team} has no webtask {name}")
    if grant:
        return _granted(webtask, grant)
    if webtask.live is None:
        raise Absent(f"unable to resolve jtn to webtask token: {team}/{name} has no published version yet")
    if webtask.token:
        tokens.stands(webtask.token)
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


def _of_content(webtask: Webtask, content: Content) -> dict[str, Any]:
    """What a version and a draft get alike."""
    token = webtask.token
    by_token = _of_claims(token) if token else {}
    return {
        "runtime": content.runtime,
        "secrets": secrets_of(webtask),
        "params": content.params,
        "meta": content.meta,
        "parse_body": content.parse_body,
        "merge_body": content.merge_body,
        "egress": _egress(webtask),
        "limits": limits_of(webtask),
        **by_token,
        "url": content.url,
        "host": content.host,
        "modules": content.modules,
    }


def _of_claims(token: Token) -> dict[str, Any]:
    url = token.claims.get("url", "")
    return {
        "jti": token.jti,
        # Code may see only a token that is good for nothing but to run that code.
        "token": tokens.sign(token.claims) if url else "",
        "url": "" if tokens.is_kept_here(url) else url,
        "host": token.claims.get("host", ""),
        "rates": tokens.rates(token),
        "expires": token.claims.get("exp"),
    }


def _egress(webtask: Webtask) -> tuple[str, ...] | None:
    return None if webtask.egress is None else tuple(webtask.egress)


def _kind(target: Model) -> str:
    return "draft" if isinstance(target, Draft) else "version"


def _entry(webtask: Webtask) -> str:
    """The file's name as stack traces show it; its ending says what language it is in, where the webtask's does."""
    return webtask.name if _KNOWN.search(webtask.name) else f"{webtask.name}.js"
