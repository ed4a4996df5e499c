"""Endpoints 5 to 8 of the protocol: a container's webtasks."""

from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse

from console.accounts import tokens
from console.accounts.models import Team
from console.accounts.needs import Beyond, needs
from console.accounts.roles import Action
from console.problems import Absent, Invalid
from console.protocol.ask import Ask
from console.webtasks import issuing
from console.webtasks.access import find_webtask, published
from console.webtasks.actions import delete_webtask
from console.webtasks.addresses import named_url
from console.webtasks.deployments import secrets_of
from console.webtasks.models import Webtask

# Of one answer, in characters.
MAX_CODE = 8 * 1024 * 1024
# Of the body of a PUT; the names are those of claims, but for the secrets.
_MEMBERS = {"code", "url", "secrets", "meta", "host"}


@needs(Action.VIEW)
@needs(Action.CODE, when="their code is asked for")
def find(ask: Ask, team: str) -> HttpResponse:
    """By name; only what has been published."""
    owner = ask.team(team)
    if ask.flag("fetch_code"):
        ask.bearer.team(team, Action.CODE)
    names = ask.bearer.claims.get("jtnm")
    found = published(owner) if names is None else published(owner).filter(name__in=names)
    return JsonResponse([shape(webtask, ask) for webtask in page_of(found, ask)], safe=False)


@needs(Beyond.ADMINISTRATOR)
def find_all(ask: Ask) -> HttpResponse:
    """Of all containers. For administrators."""
    ask.bearer.require_admin()
    return JsonResponse([shape(webtask, ask) for webtask in page_of(published(None), ask)], safe=False)


def page_of(found: "QuerySet[Webtask]", ask: Ask) -> list[Webtask]:
    """Those whose meta has all that the client asks for; it is looked at here, as each database has its own ways."""
    page, wanted = ask.page(), ask.meta()
    if not ask.flag("fetch_code"):
        found = found.defer("live__code", "token__code")
    if not wanted:
        return _bounded(found[page])
    metas = found.values_list("pk", "live__meta").iterator()
    fit = (pk for pk, meta in metas if wanted.items() <= meta.items())
    picked = list(islice(fit, page.start, page.stop))
    return _bounded(found.filter(pk__in=picked))


def _bounded(found: "QuerySet[Webtask]") -> list[Webtask]:
    """With code, a page ends when there is much of it: clients ask on from the offset that they reached."""
    page, size = list[Webtask](), 0
    for webtask in found.iterator(chunk_size=10):
        assert webtask.live is not None
        page.append(webtask)
        size += 0 if "code" in webtask.live.get_deferred_fields() else len(webtask.live.code)
        if size > MAX_CODE:
            break
    return page


@needs(Action.VIEW)
@needs(Action.PUBLISH, when="its secrets are asked for")
@needs(Action.CODE, when="its code is asked for")
def read(ask: Ask, team: str, name: str) -> HttpResponse:
    """Its secrets are for those who may replace it."""
    owner = ask.team_of(team, name)
    if ask.flag("fetch_code"):
        ask.bearer.team_of(team, name, Action.CODE)
    if ask.flag("decrypt"):
        ask.bearer.team_of(team, name, Action.PUBLISH)
    return JsonResponse(_whole(_existing(owner, name), ask))


@needs(Action.PUBLISH)
@needs(Action.CREATE, when="it is new")
@needs(Action.SECRETS, when="secrets are sent")
def put(ask: Ask, team: str, name: str) -> HttpResponse:
    """Replaces all of it: what is not sent is gone."""
    sent = ask.body()
    unknown = sent.keys() - _MEMBERS
    if unknown:
        raise Invalid(f"unsupported property `{min(unknown)[:80]}`")
    owner = ask.team_of(team, name)
    if ("code" in sent) == ("url" in sent):
        raise Invalid("either `code` or `url` must be given, and not both")
    claims = {member: sent[member] for member in sent.keys() - {"secrets"}}
    if "secrets" in sent:
        claims["ectx"] = sent["secrets"]
    # A webtask's token is good for nothing but to run it, and merges bodies as the clients ask when they issue one.
    claims |= {"ten": owner.slug, "jtn": name, "dd": 0, "dr": 1, "mb": 1}
    issuing.issue(claims, above=ask.bearer)
    webtask = _existing(owner, name)
    answer = JsonResponse(_whole(webtask, ask))
    answer["Location"] = _url(webtask)
    return answer


@needs(Action.DELETE)
def remove(ask: Ask, team: str, name: str) -> HttpResponse:
    owner = ask.team_of(team, name)
    webtask = find_webtask(owner, name)
    delete_webtask(webtask, actor=ask.bearer.actor)
    return HttpResponse(status=204)


def shape(webtask: Webtask, ask: Ask) -> dict[str, Any]:
    """As it stands in a list. With `fetch_code` with its code, or the URL where that is."""
    assert webtask.live is not None
    found: dict[str, Any] = {
        "container": webtask.team.slug,
        "name": webtask.name,
        "meta": webtask.live.meta,
        "webtask_url": _url(webtask),
    }
    # A person's client knows webtasks by name; their tokens are for those who may call them.
    if ask.bearer.token and webtask.token and tokens.permits(ask.bearer.token, Action.RUN):
        found["token"] = tokens.sign(webtask.token.claims)
    if ask.flag("fetch_code"):
        found |= {"url": webtask.live.url} if webtask.live.url else {"code": webtask.live.code}
        # No word of the protocol's: clients that know only `code` shall see that it is not all.
        found |= {"files": webtask.live.files} if webtask.live.files else {}
    return found


def _whole(webtask: Webtask, ask: Ask) -> dict[str, Any]:
    found = shape(webtask, ask)
    if ask.flag("decrypt"):
        found["secrets"] = secrets_of(webtask)
    return found


def _existing(team: Team, name: str) -> Webtask:
    """Raises Absent."""
    webtask = find_webtask(team, name)
    if webtask.live is None:
        raise Absent(f"unable to resolve jtn to webtask token: {webtask} has no published version yet")
    return webtask


def _url(webtask: Webtask) -> str:
    return named_url(webtask.team.slug, webtask.name, webtask.live.host if webtask.live else "")
