"""Turns a version or a draft into what an executor receives, and signs the grants that name one."""

import json
from dataclasses import replace
from typing import Any

from django.core import signing
from django.db.models import Model

from console.accounts import tokens, vault
from console.accounts.audit import Actor
from console.accounts.claims import open_context
from console.accounts.limits import effective
from console.accounts.models import Team, Token
from console.accounts.names import team_named
from console.problems import Absent, Forbidden, Gone
from console.webtasks import showcase
from console.webtasks.addresses import enter_url
from console.webtasks.content import Content
from console.webtasks.files import entry_of
from console.webtasks.models import Draft, Secret, Version, Webtask
from console.webtasks.vouchers import voucher_of
from executor.contract import Deployment, Guard, Limits, Pin

GRANT_SECONDS = 60
_SALT = "webtasks.grant"


def limits_of(webtask: Webtask) -> Limits:
    return effective(webtask.team.limits, webtask.limits)


def secrets_of(webtask: Webtask) -> dict[str, Any]:
    """By name, in the clear. Raises vault.Broken."""
    rows = Secret.objects.filter(webtask=webtask).order_by("name")
    return {row.name: json.loads(vault.unseal(bytes(row.value), *row.place)) for row in rows}


def of_version(webtask: Webtask, version: Version) -> Deployment:
    """As the webtask's URL serves it when it is live."""
    content, entry = Content.of(version), entry_of(webtask.name)
    return Deployment(
        team=webtask.team.slug,
        webtask=webtask.name,
        slot=str(webtask),
        version=version.number,
        label=f"v{version.number}",
        entry=entry,
        files={} if content.url else {entry: content.code, **content.files},
        **_of_content(webtask, content),
    )


def of_pinned(webtask: Webtask, version: Version) -> Deployment:
    """As its pinned URL serves it, whatever is live: with the secrets, rules and guard that the webtask has by now."""
    pin = Pin(webtask.name, version.number)
    deployment = of_version(webtask, version)
    guard = replace(deployment.guard, enter=enter_url(webtask.team.slug, str(pin)))
    return replace(
        deployment,
        # A place of its own: it must not push the live one out of the pool, and stays when another is published.
        slot=f"version:{version.pk}",
        # Of the live one: what an older version was served under may be another team's by now.
        host=webtask.live.host if webtask.live else "",
        guard=guard if deployment.guard.enter else deployment.guard,
    )


def of_draft(webtask: Webtask, draft: Draft) -> Deployment:
    content, entry = Content.of_draft(draft, webtask.live), entry_of(webtask.name)
    return Deployment(
        team=webtask.team.slug,
        webtask=webtask.name,
        slot=f"draft:{draft.pk}",
        version=None,
        label="draft",
        entry=entry,
        files={entry: content.code, **content.files},
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
        expires=_ends(team, token),
        voucher=voucher_of(token, team),
        methods=None if token.methods is None else tuple(token.methods),
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
        expires=_ends(team, None),
    )


def find(team: str, name: str, grant: str) -> Deployment:
    """What an executor asks for: the live version, the one that a pinned name says, or what `grant` names.

    By a name that the team had, too: the answer says which it has. Raises Absent, Gone, Forbidden.
    """
    if shown := showcase.granted(team, grant):
        return shown
    webtask, number = _named(team, name)
    if webtask is not None and webtask.team.is_over:
        raise Gone(f"{team} was made without an account, and its time is over")
    if webtask is None:
        # The original's words first: published clients and scripts look for them.
        raise Absent(f"unable to resolve jtn to webtask token: team {team} has no webtask {name}")
    if grant:
        return _granted(webtask, grant, number)
    return _served(webtask, number)


def _named(team: str, name: str) -> tuple[Webtask | None, int | None]:
    """The webtask, and the number of the version that is asked for."""
    found = Webtask.objects.select_related("team", "live", "token").defer("token__code")
    owner, pin = team_named(team), Pin.of(name)
    webtask = found.filter(team=owner, name=name).first()
    # One that was named so before such names had a meaning keeps its URL.
    if webtask is not None or pin is None or pin.version is None:
        return webtask, None
    return found.filter(team=owner, name=pin.webtask).first(), pin.version


def _served(webtask: Webtask, number: int | None) -> Deployment:
    """The live version, or the one of this number."""
    if webtask.live is None:
        raise Absent(f"unable to resolve jtn to webtask token: {webtask} has no published version yet")
    if webtask.token:
        tokens.serves(webtask.token)
    if number is None:
        return of_version(webtask, webtask.live)
    version = Version.objects.filter(webtask=webtask, number=number).first() if webtask.pinned else None
    if version is None:
        raise Absent(
            f"unable to resolve jtn to webtask token: team {webtask.team} has no webtask"
            f" {Pin(webtask.name, number)}"
        )
    return of_pinned(webtask, version)


def grant(webtask: Webtask, target: Draft | Version) -> str:
    """Names what to run instead of the live version, for GRANT_SECONDS. Neither guard nor pause keeps it out."""
    return signing.dumps({"webtask": webtask.pk, _kind(target): target.pk}, salt=_SALT)


def vouch(webtask: Webtask) -> str:
    """For what the console itself has called: what its URL serves, past its guard, for GRANT_SECONDS."""
    return signing.dumps({"webtask": webtask.pk}, salt=_SALT)


def _granted(webtask: Webtask, grant: str, number: int | None) -> Deployment:
    try:
        names: dict[str, Any] = signing.loads(grant, salt=_SALT, max_age=GRANT_SECONDS)
    except signing.SignatureExpired:
        raise Forbidden("the grant has expired: ask the console for a new one") from None
    except signing.BadSignature:
        raise Forbidden("the grant was not signed by this console") from None
    if names.get("webtask") != webtask.pk:
        raise Forbidden(f"the grant is for another webtask than {webtask}")
    if names.keys() == {"webtask"}:
        return _served(webtask, number)
    # Whoever may run it may also look at it before it goes on.
    webtask.paused = False
    if "draft" in names:
        draft = Draft.objects.filter(pk=names["draft"], webtask=webtask).first()
        if draft is None:
            raise Absent("the draft is gone: it was published or discarded")
        return of_draft(webtask, draft)
    version = Version.objects.filter(pk=names["version"], webtask=webtask).first()
    if version is None:
        raise Absent("the version is gone")
    return of_version(webtask, version) if version.pk == webtask.live_id else of_pinned(webtask, version)


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
        "expires": _ends(webtask.team, token),
        "url": content.url,
        "host": content.host,
        "modules": content.modules,
        "guard": _guard(webtask),
        "paused": webtask.paused,
    }


def _guard(webtask: Webtask) -> Guard:
    private = webtask.guard == "private"
    return Guard(
        kind=webtask.guard,
        secrets=tuple(webtask.guard_secrets),
        tolerance=webtask.guard_tolerance,
        enter=enter_url(webtask.team.slug, webtask.name) if private else "",
    )


def _of_claims(token: Token) -> dict[str, Any]:
    url = token.claims.get("url", "")
    return {
        "jti": token.jti,
        # Code may see only a token that is good for nothing but to run that code.
        "token": tokens.sign(token.claims) if url else "",
        "url": "" if tokens.is_kept_here(url) else url,
        "host": token.claims.get("host", ""),
        "rates": tokens.rates(token),
    }


def _ends(team: Team, token: Token | None) -> int | None:
    """When nobody may run it any more: the token's time is over, or the team's."""
    ends = [token.claims["exp"]] if token and "exp" in token.claims else []
    if team.expires_at:
        ends.append(int(team.expires_at.timestamp()))
    return min(ends, default=None)


def _egress(webtask: Webtask) -> tuple[str, ...] | None:
    return None if webtask.egress is None else tuple(webtask.egress)


def _kind(target: Model) -> str:
    return "draft" if isinstance(target, Draft) else "version"
