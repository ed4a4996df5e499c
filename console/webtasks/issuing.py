"""What the published clients write: tokens, and webtasks all at once."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from console.accounts.actions import drop_tokens, issue_token
from console.accounts.audit import Actor, changes, record
from console.accounts.bearers import Bearer
from console.accounts.claims import literals, narrow, open_context, parse, seal_context
from console.accounts.limits import effective
from console.accounts.models import Team, Token, new_jti
from console.accounts.names import team_named
from console.accounts.roles import Action
from console.accounts.tokens import code_url, is_kept_here, name_in
from console.problems import Forbidden, Invalid, Taken
from console.webtasks import needs
from console.webtasks.content import Content
from console.webtasks.events import Change
from console.webtasks.models import Secret, Webtask
from console.webtasks.steps import (
    announce,
    check_code,
    check_content,
    check_name,
    create,
    lock,
    names_of_secrets,
    put_secrets,
    release,
    told_of,
)
from console.webtasks.written import content_of, kept_code

# Of a webtask, after others took their place.
KEPT_TOKENS = 20


def issue(sent: Mapping[str, Any], *, above: Bearer, patient: bool = True) -> Token:
    """The token whose claims are asked for in `sent`, with what `above` passes on.

    With a name it makes that webtask, or replaces all of it: content, secrets and token; secrets only by who may set them. Drafts stay. Packages that it
    needs and that are not installed are waited for, unless the caller is not `patient`.
    Raises Invalid, Forbidden, TooLarge, Taken.
    """
    claims = narrow(above.claims, parse(sent))
    for ten in literals(claims.get("ten")):
        above.may_issue(ten, claims.get("jtn"))
    team = _team_of(claims)
    if team is None:
        above.may_issue_widely()
    if is_kept_here(claims.get("url", "")) and "url" not in above.claims:
        _check_kept(team, claims["url"], above=above)
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
    if "ectx" in claims:
        claims["ectx"] = _sealed(claims)
    name = f"issued with {above.claims.get('jti', 'a login')}"
    return issue_token(team, name, actor=above.actor, parent=above.token, code=code, **claims)


def _check_kept(team: Team | None, url: str, *, above: Bearer) -> None:
    """Whether the code that a URL of ours names may be passed on: it can be read by who gets it. Raises Invalid, Forbidden."""
    if team is None:
        raise Invalid("claim `url` names code of one container; claim `ten` must too", field="url")
    kept_code(team, url)
    above.team_of(team.slug, name_in(url), Action.CODE)


def _put(team: Team, claims: dict[str, Any], *, above: Bearer, patient: bool) -> Token:
    name, content = claims["jtn"], content_of(team, claims)
    check_name(name)
    if not Webtask.objects.filter(team=team, name=name).exists():
        above.team_of(team.slug, name, Action.CREATE)
    limits = effective(team.limits)
    check_content(name, content, limits)
    # Outside of the transaction: it waits until they are installed.
    content = needs.complete(content, limits=limits, patient=patient)
    kept = {key: value for key, value in claims.items() if key not in ("code", "meta", "ectx")}
    secrets: dict[str, Any] | None = _opened(claims)
    if secrets:
        above.team_of(team.slug, name, Action.SECRETS)
        kept["ectx"] = _sealed(claims)
    elif not _may(above, team, name, Action.SECRETS):
        # To replace them by none is to set them, too: they stay as they are.
        secrets = None
    kept["url"] = content.url or code_url(team.slug, name)
    try:
        return _write(team, content, claims=kept, secrets=secrets, above=above)
    except IntegrityError:
        raise Taken(f"{team}/{name} was made by another at the same moment. Try again.") from None


def _may(above: Bearer, team: Team, name: str, action: Action) -> bool:
    try:
        above.team_of(team.slug, name, action)
    except Forbidden:
        return False
    return True


def _write(
    team: Team, content: Content, *, claims: dict[str, Any], secrets: dict[str, Any] | None, above: Bearer
) -> Token:
    """Without `secrets` those that are there stay."""
    name = claims["jtn"]
    with transaction.atomic():
        # Of two who make the same webtask at once, the second finds it made.
        team = Team.objects.select_for_update().get(pk=team.pk)
        token = issue_token(team, name, actor=above.actor, parent=above.token, **claims)
        webtask = Webtask.objects.filter(team=team, name=name).first()
        webtask = lock(webtask) if webtask else create(team, name, token, actor=above.actor)
        before, version = _told(webtask), webtask.live
        if version is None or version.digest != content.digest:
            version = release(webtask, content, user=above.actor.user, message="")
        webtask.token = token
        webtask.save(update_fields=["token"])
        _drop_replaced(team, name, actor=above.actor)
        if secrets is not None:
            Secret.objects.filter(webtask=webtask).delete()
            put_secrets(webtask, secrets)
        record(above.actor, "webtask.put", team, str(webtask), **changes(before, _told(webtask)))
        announce(Change.of_webtask(webtask))
    return token


def _told(webtask: Webtask) -> dict[str, Any]:
    return {**told_of(webtask.live), "token": webtask.token_id, "secrets": names_of_secrets(webtask)}


def _drop_replaced(team: Team, name: str, *, actor: Actor) -> None:
    """The last ones still work: a client may hold the one that it made the webtask with."""
    replaced = Token.objects.filter(team=team, name=name, claims__jtn=name).order_by("-created_at")
    oldest = replaced.values_list("created_at", flat=True)[KEPT_TOKENS : KEPT_TOKENS + 1]
    if oldest:
        drop_tokens(replaced.filter(created_at__lte=oldest[0]), actor=actor)


def _team_of(claims: Mapping[str, Any]) -> Team | None:
    """Whose it is. None when it is for several containers, or for all; names of one and the same are one."""
    teams = {team_named(slug) for slug in literals(claims.get("ten"))}
    return teams.pop() if len(teams) == 1 else None


def _opened(claims: Mapping[str, Any]) -> dict[str, Any]:
    ectx = claims.get("ectx", {})
    return open_context(ectx, claims.get("ten")) if isinstance(ectx, str) else ectx


def _sealed(claims: Mapping[str, Any]) -> str:
    return seal_context(_opened(claims), claims.get("ten"))
