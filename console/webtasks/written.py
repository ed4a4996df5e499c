"""What a client's claims and bodies say about a webtask, as the console keeps it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from console.accounts.models import Team, Token
from console.accounts.names import team_named
from console.accounts.tokens import CODE_URL, code_url, is_kept_here
from console.problems import Invalid
from console.webtasks.content import Content
from console.webtasks.models import Webtask


def content_of(team: Team, claims: Mapping[str, Any]) -> Content:
    """From the claims `code`, `url`, `meta`, `pctx`, `pb`, `mb` and `host`. Raises Invalid."""
    return replace(
        _code_of(team, claims),
        meta=claims.get("meta", {}),
        params=claims.get("pctx", {}),
        parse_body=claims.get("pb"),
        merge_body=claims.get("mb", 0),
        host=claims.get("host", ""),
    )


def kept_code(team: Team, url: str) -> Content:
    """What a URL of ours stands for, which only its own container may use. Raises Invalid."""
    owner, _, name = unquote(url.removeprefix(CODE_URL)).partition("/")
    absent = Invalid(f"claim `url` names no code of container {team.slug}", field="url")
    if owner != team.slug and team_named(owner) != team:
        raise absent
    webtask = Webtask.objects.select_related("live").filter(team=team, name=name).first()
    if webtask and webtask.live:
        live = webtask.live
        return Content(code=live.code, files=live.files, url=live.url, runtime=live.runtime)
    token = Token.objects.filter(team=team, jti=name).exclude(code="").first()
    if token is None:
        raise absent
    return Content(code=token.code)


def _code_of(team: Team, claims: Mapping[str, Any]) -> Content:
    if "code" in claims:
        return Content(code=claims["code"])
    url = claims.get("url", "")
    if url and not is_kept_here(url):
        return Content(url=url)
    if not url and not Webtask.objects.filter(team=team, name=claims["jtn"], live__isnull=False).exists():
        raise Invalid("a token with a name needs a claim `code` or `url`", field="code")
    return kept_code(team, url or code_url(team.slug, claims["jtn"]))
