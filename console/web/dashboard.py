"""A team's list of webtasks: what each is and how it fares, and what is done with several at once."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from console.accounts.access import access_team, allowed
from console.accounts.audit import Actor
from console.accounts.models import Team, User
from console.accounts.needs import needs
from console.accounts.principals import Person
from console.accounts.roles import Action
from console.problems import Problem
from console.schedules.access import scheduled
from console.web.forms import NewWebtask
from console.web.gallery import card
from console.web.signed_in import signed_in
from console.web.sparkline import sparkline
from console.webtasks.about import About
from console.webtasks.access import access_shared, access_webtasks
from console.webtasks.actions import create_webtask
from console.webtasks.addresses import team_origin
from console.webtasks.content import Content
from console.webtasks.gallery import FIRST, templates
from console.webtasks.guards import PUBLIC, title_of
from console.webtasks.models import Webtask
from console.webtasks.overview import SORTS, Day, days_of, listed
from console.webtasks.shapes import webtask_summary
from console.webtasks.storable import text as storable

PAGE = 50
MAX_PAGE = 10_000
MOST_SHARED = 200
# What of a list stands in its address.
_KEPT = ("q", "tag", "sort", "page")
_TITLES = {"name": "Webtask", "published": "Published", "run": "Last run"}


@needs(Action.VIEW)
@needs(Action.CREATE, when="a webtask is made")
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dashboard(request: HttpRequest, team: str) -> HttpResponse:
    user = signed_in(request)
    if request.method == "POST":
        return _create(request, user, team)
    return _page(request, user, access_team(Person(user), team, Action.VIEW))


def shared(user: User) -> list[dict[str, Any]]:
    """Of other teams, what is shared with somebody."""
    found = access_shared(Person(user)).select_related("live__author")[:MOST_SHARED]
    return [{**webtask_summary(webtask), "published": webtask.live} for webtask in found]


def _create(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    team = access_team(Person(user), slug, Action.CREATE)
    form = NewWebtask(request.POST)
    if not form.is_valid():
        return _page(request, user, team, form=form, status=400)
    # Browsers send line ends of their own.
    code = form.cleaned_data["code"].replace("\r\n", "\n")
    content = Content(code=code) if code.strip() else None
    try:
        made = create_webtask(team, form.cleaned_data["name"], actor=Actor.of(request), content=content)
    except Problem as problem:
        form.add_error("name", problem.detail)
        return _page(request, user, team, form=form, status=problem.status)
    return redirect("workspace", team.slug, made.name)


def _page(
    request: HttpRequest, user: User, team: Team, *, form: NewWebtask | None = None, status: int = 200
) -> HttpResponse:
    search, tag = (storable(request.GET.get(name, "").strip(), 100) for name in ("q", "tag"))
    sort = request.GET.get("sort", "name")
    asked = request.GET.get("page", "1")
    number = min(int(asked), MAX_PAGE) if asked.isascii() and asked.isdigit() and int(asked) else 1
    webtasks = access_webtasks(Person(user), team.slug)
    start = (number - 1) * PAGE
    # One more than is shown tells whether there are more.
    found = list(listed(webtasks, user, search=search, tag=tag, sort=sort)[start : start + PAGE + 1])
    may = allowed(Person(user), team.slug)
    where = {"q": search, "tag": tag, "sort": "" if sort == "name" else sort}
    context = {
        "team": team,
        "origin": team_origin(team.slug),
        "webtasks": _rows(found[:PAGE], where),
        "search": search,
        "tag": tag,
        "untagged": _query(where, tag=""),
        "sort": sort if sort in SORTS else "name",
        "sorts": {key: (_TITLES[key], _query(where, sort=key)) for key in SORTS},
        "before": _query(where, page=number - 1) if number > 1 else "",
        "more": _query(where, page=number + 1) if len(found) > PAGE else "",
        "may_create": Action.CREATE in may,
        "may_pause": Action.PAUSE in may,
        "may_delete": Action.DELETE in may,
        "cards": [card(templates()[name]) for name in FIRST],
        "form": form or NewWebtask(),
        "shared": shared(user),
    }
    return render(request, "web/dashboard.html", context, status=status)


def _query(where: dict[str, str], **change: str | int) -> str:
    """Always in the same order: one address for one list."""
    wanted = {**where, **change}
    return urlencode({name: wanted[name] for name in _KEPT if wanted.get(name)})


def _rows(webtasks: list[Webtask], where: dict[str, str]) -> list[dict[str, Any]]:
    days, by_themselves = days_of(webtasks), scheduled(webtasks)
    return [
        {
            **webtask_summary(webtask),
            "tags": [(tag, _query(where, tag=tag)) for tag in About.of(webtask).tags],
            "published": webtask.live,
            "guarded": title_of(webtask.guard) if webtask.guard != PUBLIC else "",
            "has_draft": getattr(webtask, "has_draft", False),
            "ran_at": getattr(webtask, "ran_at", None),
            "scheduled": webtask.pk in by_themselves,
            "day": _told(days.get(webtask.pk)),
        }
        for webtask in webtasks
    ]


def _told(day: Day | None) -> dict[str, Any] | None:
    """None when nobody called."""
    if day is None:
        return None
    share = day.error_share * 100
    return {
        "total": day.total,
        "line": sparkline(day),
        "errors": f"{share:.1f} %" if 0 < share < 10 else f"{share:.0f} %",
        "failing": share > 0,
        "p95": day.p95_ms,
    }
