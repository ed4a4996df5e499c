"""The pages. They read through access functions, write through actions, and work without JavaScript."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from console.accounts.access import teams_of
from console.accounts.holders import TokenHolder
from console.accounts.models import User
from console.accounts.needs import Beyond, needs
from console.accounts.roles import Action
from console.web.boot import boot
from console.web.csp import let_frames_show
from console.web.dashboard import shared
from console.web.editor import visitor, while_it_lasts
from console.web.forms import TeamNames
from console.web.guests import has_ended
from console.web.landing import page
from console.webtasks.access import access_opened, access_webtask
from console.webtasks.addresses import team_origin


@needs(Beyond.ANYONE)
@require_safe
@while_it_lasts
def landing(request: HttpRequest) -> HttpResponse:
    user = request.user
    if isinstance(user, User) and user.holds_id:
        return _to_what_is_held(request)
    if not isinstance(user, User) or has_ended(request, user):
        return page(request)
    teams = teams_of(user)
    if teams:
        return redirect("dashboard", teams[0].slug)
    context = {"form": TeamNames(), "origin": team_origin("NAME"), "shared": shared(user)}
    return render(request, "web/teamless.html", context)


@needs(Action.VIEW)
@while_it_lasts
@login_required
@never_cache
@require_safe
def workspace(request: HttpRequest, team: str, name: str) -> HttpResponse:
    who = visitor(request)
    webtask = access_webtask(who, team, name, Action.VIEW)
    # Where an answer's HTML is shown, with an origin of its own (docs/threat-model.md).
    let_frames_show(request, team_origin(webtask.team.slug))
    return render(request, "web/workspace.html", {"boot": boot(request, who, webtask)})


def _to_what_is_held(request: HttpRequest) -> HttpResponse:
    """Who signed in with a token has one webtask, or what is left of it."""
    who = visitor(request)
    assert isinstance(who, TokenHolder)  # landing says so
    webtask = access_opened(who)
    return redirect("workspace", webtask.team.slug, webtask.name)
