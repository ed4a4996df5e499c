"""The pages. They read through access functions, write through actions, and work without JavaScript."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from console.accounts.access import access_team, membership
from console.accounts.audit import Actor
from console.accounts.models import Team, User
from console.accounts.roles import Action, allows
from console.problems import Problem
from console.web.boot import boot
from console.web.forms import NewWebtask
from console.webtasks.access import access_webtask, access_webtasks
from console.webtasks.actions import create_webtask
from console.webtasks.addresses import run_url, team_origin
from console.webtasks.shapes import limit_shapes, webtask_summary

PAGE = 200


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not isinstance(user, User):
        return render(request, "web/landing.html", {"run_url": run_url("acme", "").rstrip("/")})
    team = user.teams.order_by("slug").first()
    return redirect("dashboard", team.slug) if team else render(request, "web/teamless.html")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dashboard(request: HttpRequest, team: str) -> HttpResponse:
    user = _signed_in(request)
    if request.method == "POST":
        return _create(request, user, team)
    return _dashboard(request, user, access_team(user, team, Action.VIEW))


@login_required
@never_cache
@require_safe
def settings(request: HttpRequest, team: str) -> HttpResponse:
    user = _signed_in(request)
    owned = access_team(user, team, Action.VIEW)
    member = membership(user, team)
    boot = {
        "csrf": get_token(request),
        "limits": limit_shapes(owned.limits),
        "may": member is not None and allows(member.role, Action.LIMIT),
        "api": f"/api/teams/{team}",
    }
    return render(request, "web/settings.html", {"team": owned, "boot": boot})


@login_required
@never_cache
@require_safe
def workspace(request: HttpRequest, team: str, name: str) -> HttpResponse:
    user = _signed_in(request)
    webtask = access_webtask(user, team, name, Action.VIEW)
    return render(request, "web/workspace.html", {"boot": boot(request, user, webtask)})


@login_required
@never_cache
@require_safe
def edit(request: HttpRequest, team: str) -> HttpResponse:
    """Leads on to the workspace of the webtask that the rest of the URL names, which only the browser sees."""
    return render(request, "web/edit.html", {"team": access_team(_signed_in(request), team, Action.VIEW)})


def _create(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    team = access_team(user, slug, Action.CREATE)
    form = NewWebtask(request.POST)
    if form.is_valid():
        try:
            webtask = create_webtask(team, form.cleaned_data["name"], actor=Actor.of(request))
        except Problem as problem:
            form.add_error("name", problem.detail)
            return _dashboard(request, user, team, form=form, status=problem.status)
        return redirect("workspace", team.slug, webtask.name)
    return _dashboard(request, user, team, form=form, status=400)


def _dashboard(
    request: HttpRequest, user: User, team: Team, *, form: NewWebtask | None = None, status: int = 200
) -> HttpResponse:
    after = request.GET.get("after", "")
    # One more than is shown tells whether there are more. A list needs no code, which can be a MiB each.
    found = list(access_webtasks(user, team.slug).filter(name__gt=after).defer("live__code")[: PAGE + 1])
    member = membership(user, team.slug)
    context = {
        "team": team,
        "teams": user.teams.order_by("slug"),
        "origin": team_origin(team.slug),
        "webtasks": [{**webtask_summary(webtask), "published": webtask.live} for webtask in found[:PAGE]],
        "after": after,
        "more": found[PAGE - 1].name if len(found) > PAGE else "",
        "may_create": member is not None and allows(member.role, Action.CREATE),
        "form": form or NewWebtask(),
    }
    return render(request, "web/dashboard.html", context, status=status)


def _signed_in(request: HttpRequest) -> User:
    """login_required has seen to it; this tells the type."""
    assert isinstance(request.user, User)
    return request.user
