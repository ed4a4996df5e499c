"""Endpoints 2, 3 and 4 of the protocol: tokens issued, inspected, revoked."""

from typing import Any
from urllib.parse import parse_qs

from django.http import HttpResponse, JsonResponse

from console.accounts import claims as asked
from console.accounts import tokens
from console.accounts.actions import revoke_token
from console.accounts.bearers import Bearer
from console.accounts.models import Token
from console.accounts.needs import Beyond, needs
from console.accounts.roles import Action
from console.problems import Forbidden, Invalid
from console.protocol.ask import Ask
from console.webtasks import issuing
from console.webtasks.addresses import token_url
from console.webtasks.content import Content
from console.webtasks.deployments import secrets_of
from console.webtasks.models import Webtask


@needs(Action.ISSUE)
@needs(Action.PUBLISH, when="the token is to stand for a webtask")
@needs(Action.CREATE, when="that webtask is new")
@needs(Action.SECRETS, when="that webtask is to have secrets")
def issue(ask: Ask) -> HttpResponse:
    """The JWT is the body, as text: anything else confuses the published clients."""
    token = issuing.issue(ask.body(), above=ask.bearer)
    answer = HttpResponse(tokens.sign(token.claims), content_type="text/plain; charset=utf-8")
    location = token_url(token)
    if location:
        answer["Location"] = location
    return answer


@needs(Beyond.CREDENTIAL)
@needs(Action.ISSUE, when="the token is a webtask's")
@needs(Action.PUBLISH, when="the token is a webtask's: it tells the secrets")
@needs(Action.CODE, when="the token is a webtask's, and its code is asked for")
def inspect(ask: Ask) -> HttpResponse:
    above = ask.bearer
    token = _presented(ask.query("token"))
    _require_oversight(ask, above, token)
    webtask = Webtask.objects.select_related("team", "live").filter(token=token).first()
    found: dict[str, Any] = {**token.claims}
    if webtask:
        secrets = secrets_of(webtask)
        found.pop("ectx", None)
        if secrets:
            found["ectx"] = asked.seal_context(secrets, found.get("ten"))
    if ask.flag("decrypt") and "ectx" in found:
        found["ectx"] = asked.open_context(found["ectx"], found.get("ten"))
    content = Content.of(webtask.live) if webtask and webtask.live else Content(code=tokens.code_of(token))
    if ask.flag("fetch_code") and content.code:
        found["code"] = content.code
    if ask.flag("meta") and webtask:
        found["meta"] = content.meta
    location = token_url(token)
    return JsonResponse(found | ({"webtask_url": location} if location else {}))


@needs(Beyond.CREDENTIAL)
@needs(Action.ISSUE, when="the console or a person issued the token")
def revoke(ask: Ask) -> HttpResponse:
    above = ask.bearer
    token = _presented(ask.query("token") or _token_in_body(ask))
    himself = above.claims.get("jti") == token.jti
    if himself and token.claims.get("dr"):
        raise Forbidden("the token may not revoke itself: its claim `dr` is 1")
    if not himself and not _descends(token, above) and not _oversees_orphan(above, token):
        raise Forbidden("not authorized to revoke the token: only it itself and those it descends from may")
    revoke_token(token.jti, actor=above.actor)
    return HttpResponse(status=200, content_type="text/plain")


def _presented(text: str) -> Token:
    """Signed by us, in force or not. Raises Invalid."""
    try:
        claims = tokens.decode(text, timely=False)
    except Forbidden:
        raise Invalid("parameter `token` must be a webtask token", field="token") from None
    token = Token.objects.select_related("team").filter(jti=claims.get("jti")).first()
    if token is None:
        raise Invalid("the token is gone, with its webtask or container", field="token")
    return token


def _token_in_body(ask: Ask) -> str:
    """Of a JSON object or of a form, as different clients send it."""
    if ask.request.content_type == "application/x-www-form-urlencoded":
        sent: Any = parse_qs(ask.text()).get("token", [""])[0]
    else:
        sent = ask.body().get("token", "") if ask.text() else ""
    if not isinstance(sent, str):
        raise Invalid("`token` must be a string", field="token")
    return sent


def _require_oversight(ask: Ask, above: Bearer, token: Token) -> None:
    """Raises Forbidden."""
    if "url" in above.claims or "ectx" in above.claims:
        raise Forbidden("a token with claim `url` or `ectx` may not inspect tokens")
    if above.claims.get("jti") == token.jti or _descends(token, above):
        return
    # Encrypted, too, its secrets can be passed on to a token that may be asked to decrypt them.
    seen = {Action.ISSUE, Action.PUBLISH} | ({Action.CODE} if ask.flag("fetch_code") else set())
    if not _manages(above, token, *seen):
        raise Forbidden("not authorized to inspect the token: only those it descends from may")


def _descends(token: Token, above: Bearer) -> bool:
    return above.claims.get("jti") in token.claims.get("ca", [])


def _manages(above: Bearer, token: Token, *actions: Action) -> bool:
    """Whether it stands for a webtask that the bearer could list as well."""
    webtask = Webtask.objects.select_related("team").filter(token=token).first()
    if webtask is None:
        return False
    for action in actions:
        above.team_of(webtask.team.slug, webtask.name, action)
    return True


def _oversees_orphan(above: Bearer, token: Token) -> bool:
    """A token that no other issued, but the console with a webtask, or a person: their team may take it back."""
    if token.claims.get("ca"):
        return False
    if above.token is None and token.team:
        above.team(token.team.slug, Action.ISSUE)
        return True
    return _manages(above, token, Action.ISSUE)
