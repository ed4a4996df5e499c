"""What the published clients write: tokens, and webtasks all at once."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction

from console.accounts.actions import issue_token
from console.accounts.audit import record
from console.accounts.bearers import Bearer
from console.accounts.claims import literals, narrow, open_context, parse, seal_context
from console.accounts.limits import effective
from console.accounts.models import Team, Token, new_jti
from console.accounts.tokens import code_url, is_kept_here
from console.problems import Invalid
from console.webtasks import needs
from console.webtasks.events import Change
from console.webtasks.models import Secret, Webtask
from console.webtasks.steps import (
    announce,
    check_code,
    check_name,
    create,
    lock,
    put_secrets,
    release,
)
from console.webtasks.written import content_of, unnamed_code


def issue(sent: Mapping[str, Any], *, above: Bearer, patient: bool = True) -> Token:
    """The token whose claims are asked for in `sent`, with what `above` passes on.

    With a name it makes that webtask, or replaces all of it: content, secrets and token. Drafts stay. Packages that it needs and that are not installed are
    waited for, unless the caller is not `patient`.
    Raises Invalid, Forbidden, TooLarge, Taken.
    """
    claims = narrow(above.claims, parse(sent))
    for ten in literals(claims.get("ten")):
        above.may_issue(ten, claims.get("jtn"))
    team = _team_of(claims)
    if "jtn" in claims:
        if team is None:
            raise Invalid(f"there is no container {claims['ten']}", field="ten")
        return _put(team, claims, above=above, patient=patient)
    claims = dict(claims)
    claims.setdefault("jti", new_jti())
    code = claims.pop("code", "")
    if code:
        check_code(code, effective(team.limits if team else {}))
        claims["url"] = code_url(claims.get("ten", ""), claims["jti"])
    elif above.token and "url" in above.claims:
        code = above.token.code
    elif is_kept_here(claims.get("url", "")):
        if team is None:
            raise Invalid("claim `url` names code of one container; claim `ten` must too", field="url")
        code = unnamed_code(team, claims["url"])
    if "ectx" in claims:
        claims["ectx"] = _sealed(claims)
    name = f"issued with {above.claims.get('jti', 'a login')}"
    return issue_token(team, name, actor=above.actor, parent=above.token, code=code, **claims)


def _put(team: Team, claims: dict[str, Any], *, above: Bearer, patient: bool) -> Token:
    name, content = claims["jtn"], content_of(team, claims)
    check_name(name)
    check_code(content.code, effective(team.limits))
    # Outside of the transaction: it waits until they are installed.
    content = needs.complete(content, patient=patient)
    kept = {key: value for key, value in claims.items() if key not in ("code", "meta", "ectx")}
    secrets = _opened(claims)
    if secrets:
        kept["ectx"] = _sealed(claims)
    kept["url"] = content.url or code_url(team.slug, name)
    with transaction.atomic():
        # Of two who make the same webtask at once, the second finds it made.
        team = Team.objects.select_for_update().get(pk=team.pk)
        _check_host(team, content.host)
        token = issue_token(team, name, actor=above.actor, parent=above.token, **kept)
        webtask = Webtask.objects.filter(team=team, name=name).first()
        webtask = lock(webtask) if webtask else create(team, name, token, actor=above.actor)
        version = webtask.live
        if version is None or version.digest != content.digest:
            version = release(webtask, content, user=above.actor.user, message="")
        webtask.token = token
        webtask.save(update_fields=["token"])
        Secret.objects.filter(webtask=webtask).delete()
        put_secrets(webtask, secrets)
        record(above.actor, "webtask.put", team, str(webtask), version=version.number, token=token.jti)
        announce(Change.of_webtask(webtask, version))
    return token


def _team_of(claims: Mapping[str, Any]) -> Team | None:
    """None when the token is for several containers, or for all."""
    teams = literals(claims.get("ten"))
    return Team.objects.filter(slug=teams[0]).first() if len(teams) == 1 else None


def _opened(claims: Mapping[str, Any]) -> dict[str, Any]:
    ectx = claims.get("ectx", {})
    return open_context(ectx, claims.get("ten")) if isinstance(ectx, str) else ectx


def _sealed(claims: Mapping[str, Any]) -> str:
    return seal_context(_opened(claims), claims.get("ten"))


def _check_host(team: Team, host: str) -> None:
    """A domain serves one team: two could forge each other's pages there. Ours serve all. Raises Invalid."""
    if f".{host}".endswith(f".{settings.DOMAIN}") or host == settings.CONSOLE_HOST:
        raise Invalid(f"The host {host} is this installation's own.", field="host")
    if host and Webtask.objects.filter(live__host=host).exclude(team=team).exists():
        raise Invalid(f"The host {host} already serves another container.", field="host")
