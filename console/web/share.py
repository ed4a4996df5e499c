"""The public page of a webtask whose code somebody shared by a link: read, run, forked, without JavaScript."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from console.accounts.access import access_team, memberships, powers
from console.accounts.audit import Actor
from console.accounts.models import User
from console.accounts.needs import Beyond, needs
from console.accounts.principals import Person
from console.accounts.roles import Action
from console.problems import Absent, Problem, Unfit
from console.web import readme
from console.web.csp import let_forms_lead_to
from console.web.forms import refuse
from console.web.highlight import highlighted
from console.webtasks.about import About
from console.webtasks.access import access_webtasks
from console.webtasks.addresses import share_url, team_origin
from console.webtasks.content import Content
from console.webtasks.files import entry_of
from console.webtasks.fork import Origin, fork_webtask
from console.webtasks.guards import PRIVATE, PUBLIC, title_of
from console.webtasks.models import Version, Webtask
from console.webtasks.share_pages import access_shared_code, page_url

# Of a query that is typed into the form.
MOST_QUERY = 2000
# What a query may hold as it is; the rest is coded.
_QUERY = "=&%+-._~!$'()*,;:@/?"
# Whatever the code says, a browser that opens it runs nothing of it.
_PLAIN = "sandbox; default-src 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class File:
    path: str
    drawn: SafeString
    lines: int
    size: int


class Forking(forms.Form):
    """What a name may hold is decided by the action."""

    team = forms.ChoiceField(error_messages={"required": "Choose a team."})
    name = forms.CharField(max_length=64, error_messages={"required": "Give the webtask a name."})

    def __init__(self, *args: Any, teams: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = self.fields["team"]
        assert isinstance(team, forms.ChoiceField)
        team.choices = teams


@needs(Beyond.ANYONE)
@never_cache
@require_safe
def share(request: HttpRequest, key: str) -> HttpResponse:
    webtask = access_shared_code(key)
    live, team = webtask.live, webtask.team.slug
    url = share_url(team, webtask.name)
    told = next((name for name in readme.NAMES if live and live.files.get(name)), "")
    let_forms_lead_to(request, team_origin(team))
    context = {
        "key": key,
        "webtask": webtask,
        "live": live,
        "tags": About.of(webtask).tags,
        # A name that they chose for others to see. Never their address.
        "author": live.author.name if live and live.author else "",
        "files": _files(webtask, live, without=told) if live and not live.url else [],
        "readme": readme.blocks(live.files[told]) if live and told else [],
        "readme_path": told,
        "url": url,
        "curl": f"curl {url}",
        "page": page_url(key),
        "guard": title_of(webtask.guard),
        "open": webtask.guard == PUBLIC and not webtask.paused,
        "private": webtask.guard == PRIVATE,
        "guests": settings.GUESTS,
        "holds": isinstance(request.user, User) and request.user.holds_id,
    }
    return _unlisted(render(request, "web/share/page.html", context))


@needs(Beyond.ANYONE)
@never_cache
@require_safe
def raw(request: HttpRequest, key: str, path: str = "") -> HttpResponse:
    """The code as it is, or one of its files."""
    webtask = access_shared_code(key)
    live = webtask.live
    if live is None or live.url:
        raise Absent("No code of it is kept here.")
    if path and path not in live.files:
        raise Absent(f"It has no file “{path}”.")
    text = live.files[path] if path else live.code
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = _PLAIN
    return _unlisted(answer)


@needs(Beyond.ANYONE)
@never_cache
@require_safe
def run(request: HttpRequest, key: str) -> HttpResponse:
    """On to the webtask's own host with what was typed: the browser asks it as anybody would, and we stay out of it."""
    webtask = access_shared_code(key)
    query = request.GET.get("query", "")[:MOST_QUERY].strip().lstrip("?")
    url = share_url(webtask.team.slug, webtask.name)
    return _unlisted(redirect(f"{url}?{quote(query, safe=_QUERY)}" if query else url))


@needs(Beyond.SELF)
@needs(Action.CREATE, when="it is forked, in the team that gets it")
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fork(request: HttpRequest, key: str) -> HttpResponse:
    webtask = access_shared_code(key)
    assert isinstance(request.user, User)  # login_required says so
    who = Person(request.user)
    if request.method != "POST":
        teams = _teams(who)
        form = Forking(teams=teams, initial={"name": _free_name(who, teams, webtask.name)})
        return _forking(request, key, webtask, form)
    team = access_team(who, request.POST.get("team", ""), Action.CREATE)
    form = Forking(request.POST, teams=_teams(who))
    status = 400
    if form.is_valid():
        try:
            name, actor = form.cleaned_data["name"], Actor.of(request)
            # Who comes by the link is nobody's business in the team that made it.
            made = fork_webtask(_origin(webtask), team, name, actor=actor, told=False)
            return redirect("workspace", team.slug, made.webtask.name)
        except Problem as problem:
            status = refuse(form, problem)
    return _forking(request, key, webtask, form, status=status)


def _forking(
    request: HttpRequest, key: str, webtask: Webtask, form: Forking, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "key": key, "webtask": webtask}
    return _unlisted(render(request, "web/share/fork.html", context, status=status))


def _teams(who: Person) -> list[tuple[str, str]]:
    """Those in which they may make a webtask."""
    may = [member.team for member in memberships(who) if Action.CREATE in powers(member)]
    return [(team.slug, team.name if team.expires_at else f"{team.name} ({team.slug})") for team in may]


def _free_name(who: Person, teams: list[tuple[str, str]], name: str) -> str:
    """To begin with: theirs may have that one already."""
    taken = set(access_webtasks(who, teams[0][0]).values_list("name", flat=True)) if teams else set()
    tries = (f"{name[:60]}-{number}" for number in range(2, 100))
    return name if name not in taken else next((one for one in tries if one not in taken), name)


def _origin(webtask: Webtask) -> Origin:
    """Raises Unfit."""
    if webtask.live is None:
        raise Unfit("Nothing of it is published yet.")
    return Origin(webtask=webtask, content=Content.of(webtask.live), what=f"v{webtask.live.number}")


def _files(webtask: Webtask, live: Version, *, without: str) -> list[File]:
    """The code itself first."""
    texts = {entry_of(webtask.name): live.code, **dict(sorted(live.files.items()))}
    return [
        File(path, highlighted(text, path), text.count("\n") + (not text.endswith("\n")), len(text.encode()))
        for path, text in texts.items()
        if path != without
    ]


def _unlisted(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
