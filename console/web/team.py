"""The pages of a team as such: made, renamed, left, handed over, deleted. Plain forms, each refused at its field."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from console.accounts import teams
from console.accounts.access import access_team, allowed, members_of, membership
from console.accounts.access_members import tokens_of
from console.accounts.audit import Actor
from console.accounts.models import Team, User
from console.accounts.names import names_of
from console.accounts.needs import Beyond, needs
from console.accounts.principals import Person
from console.accounts.roles import Action, Role
from console.problems import Problem
from console.web.forms import Heir, TeamNames, TypedName, refuse
from console.webtasks.access import access_webtasks
from console.webtasks.addresses import team_origin
from console.webtasks.shapes import limit_shapes

_METHODS = ["GET", "HEAD", "POST"]


class Leaving(forms.Form):
    revoke = forms.BooleanField(required=False)


@needs(Beyond.SELF)
@login_required
@never_cache
@require_http_methods(_METHODS)
def new(request: HttpRequest) -> HttpResponse:
    form = TeamNames(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                team = teams.found_team(
                    form.cleaned_data["slug"],
                    form.cleaned_data["name"],
                    owner=_person(request),
                    actor=Actor.of(request),
                )
            except Problem as problem:
                status = refuse(form, problem)
            else:
                return redirect("dashboard", team.slug)
    return render(request, "web/team/new.html", {"form": form, "origin": team_origin("NAME")}, status=status)


@needs(Action.TEAM)
@needs(Action.RENAME, when="it is renamed")
@login_required
@never_cache
@require_http_methods(_METHODS)
def settings(request: HttpRequest, team: str) -> HttpResponse:
    user = _person(request)
    if request.method != "POST":
        found = access_team(Person(user), team, Action.TEAM)
        form = TeamNames(initial={"name": found.name, "slug": found.slug})
        return _settings(request, found, form, status=200)
    found = access_team(Person(user), team, Action.RENAME)
    form, status = TeamNames(request.POST), 400
    if form.is_valid():
        try:
            found = teams.rename_team(found, **form.cleaned_data, actor=Actor.of(request))
        except Problem as problem:
            status = refuse(form, problem)
        else:
            messages.success(request, "Saved.")
            return redirect("settings", found.slug)
    return _settings(request, found, form, status=status)


@needs(Action.LEAVE)
@login_required
@never_cache
@require_http_methods(_METHODS)
def leave(request: HttpRequest, team: str) -> HttpResponse:
    user = _person(request)
    found, form = access_team(Person(user), team, Action.LEAVE), Leaving(request.POST or None)
    status = 200
    if request.method == "POST":
        form = Leaving(request.POST)
        revoke = form.is_valid() and form.cleaned_data["revoke"]
        try:
            teams.leave_team(found, user, actor=Actor.of(request), revoke=revoke)
        except Problem as problem:
            status = refuse(form, problem)
        else:
            messages.success(request, f"You left {found.name}.")
            return redirect("landing")
    own = membership(user, found.slug)
    context = {"team": found, "form": form, "tokens": tokens_of(own).count() if own else 0}
    return render(request, "web/team/leave.html", context, status=status)


@needs(Action.TRANSFER)
@login_required
@never_cache
@require_http_methods(_METHODS)
def transfer(request: HttpRequest, team: str) -> HttpResponse:
    user = _person(request)
    found = access_team(Person(user), team, Action.TRANSFER)
    others = [one for one in members_of(found) if one.user != user]
    form, status = Heir(request.POST or None, members=others), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            email = form.cleaned_data["email"]
            try:
                heir = teams.transfer_team(found, email, owner=user, actor=Actor.of(request))
            except Problem as problem:
                status = refuse(form, problem)
            else:
                messages.success(request, f"{heir.user} owns {found.name} now. You are an admin.")
                return redirect("settings", found.slug)
    return render(request, "web/team/transfer.html", {"team": found, "form": form}, status=status)


@needs(Action.DISBAND)
@login_required
@never_cache
@require_http_methods(_METHODS)
def delete(request: HttpRequest, team: str) -> HttpResponse:
    who = Person(_person(request))
    found = access_team(who, team, Action.DISBAND)
    form, status = TypedName(request.POST or None), 200
    if request.method == "POST":
        form = TypedName(request.POST)
        status = 400
        if form.is_valid():
            try:
                teams.confirm(found, form.cleaned_data["slug"])
                name = found.name
                teams.disband_team(found, actor=Actor.of(request))
            except Problem as problem:
                status = refuse(form, problem)
            else:
                messages.success(request, f"{name} is deleted.")
                return redirect("landing")
    context = {
        "team": found,
        "form": form,
        "webtasks": access_webtasks(who, found.slug).count(),
        "members": members_of(found).count(),
        "origin": team_origin(found.slug),
    }
    return render(request, "web/team/delete.html", context, status=status)


def _settings(request: HttpRequest, team: Team, form: TeamNames, *, status: int) -> HttpResponse:
    user = _person(request)
    may = allowed(Person(user), team.slug)
    own = membership(user, team.slug)
    boot = {
        "csrf": get_token(request),
        "limits": limit_shapes(team.limits),
        "may": Action.TEAM_LIMIT in may,
        "api": f"/api/teams/{team.slug}",
    }
    _, *former = names_of(team)
    context: dict[str, Any] = {
        "team": team,
        "boot": boot,
        "form": form,
        "former": former,
        "origin": team_origin(team.slug),
        "role": Role(own.role).label.lower() if own else "",
        "may": {action.name: True for action in may},
    }
    return render(request, "web/team/settings.html", context, status=status)


def _person(request: HttpRequest) -> User:
    """login_required has seen to it; this tells the type."""
    assert isinstance(request.user, User)
    return request.user
