"""The page of a team's members and invitations: forms that post, without JavaScript."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.accounts.access import access_team, allowed, membership
from console.accounts.access_invitations import State, access_invitation, access_invitations, open_of, states
from console.accounts.access_members import access_member, access_members, tokens_of
from console.accounts.audit import Actor
from console.accounts.invitations import MOST_USES, Invited, invite, revoke
from console.accounts.members import change_role, lessens, remove_member
from console.accounts.models import Invitation, Team, User
from console.accounts.needs import needs
from console.accounts.principals import Person
from console.accounts.roles import TABLE, Action, Role
from console.problems import Problem
from console.webtasks.access import shared_with

DAYS = (1, 7, 30)
# From the least; nobody is made an owner here.
LADDER = sorted(Role, key=lambda role: len(TABLE[role]))
GIVEN = [role for role in LADDER if role != Role.OWNER]


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=[(role, role.label) for role in GIVEN])


class ChangeForm(RoleForm):
    """`asked` says that whoever gives the role saw which tokens they could revoke with it."""

    asked = forms.BooleanField(required=False)
    revoke = forms.BooleanField(required=False)


class RemovalForm(forms.Form):
    revoke = forms.BooleanField(required=False)


class InvitationForm(RoleForm):
    """`by` says which of the two forms it was."""

    by = forms.ChoiceField(choices=[("email", "email"), ("link", "link")])
    email = forms.EmailField(
        required=False, max_length=254, error_messages={"invalid": "That is no e-mail address."}
    )
    days = forms.TypedChoiceField(coerce=int, choices=[(days, days) for days in DAYS])
    most_uses = forms.IntegerField(required=False, min_value=1, max_value=MOST_USES)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("by") == "email" and not found.get("email") and "email" not in self.errors:
            self.add_error("email", "Write the address that the invitation goes to.")
        return found

    def invitation(self, team: Team) -> Invitation:
        by_letter = self.cleaned_data["by"] == "email"
        return Invitation(
            team=team,
            email=self.cleaned_data["email"].lower() if by_letter else "",
            role=self.cleaned_data["role"],
            expires_at=timezone.now() + timedelta(days=self.cleaned_data["days"]),
            most_uses=1 if by_letter else self.cleaned_data["most_uses"] or 1,
        )


@needs(Action.TEAM)
@login_required
@never_cache
@require_safe
def members(request: HttpRequest, team: str) -> HttpResponse:
    return _page(request, access_team(_who(request), team, Action.TEAM))


@needs(Action.MEMBERS)
@login_required
@never_cache
@require_POST
def change(request: HttpRequest, team: str, number: int) -> HttpResponse:
    who = _who(request)
    member = access_member(who, team, number)
    form = ChangeForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the roles that you may give.")
        return redirect("members", team)
    role, revoke = Role(form.cleaned_data["role"]), form.cleaned_data["revoke"]
    count = tokens_of(member).count()
    if count and lessens(member, role) and not form.cleaned_data["asked"]:
        context = {"team": member.team, "member": member, "role": role, "tokens": count}
        return render(request, "web/team/lessen.html", context)
    try:
        changed = change_role(who, member, role, actor=Actor.of(request), revoke=revoke)
    except Problem as problem:
        messages.error(request, problem.detail)
    else:
        messages.success(request, f"{changed.user} is {changed.get_role_display().lower()} now.")
    return redirect("members", team)


@needs(Action.MEMBERS)
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, team: str, number: int) -> HttpResponse:
    who = _who(request)
    member = access_member(who, team, number)
    form = RemovalForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        context = {
            "team": member.team,
            "member": member,
            "tokens": tokens_of(member).count(),
            "shared": [webtask.name for webtask in shared_with(member.team, member.user)],
        }
        return render(request, "web/team/remove.html", context)
    try:
        remove_member(who, member, actor=Actor.of(request), revoke=form.cleaned_data["revoke"])
    except Problem as problem:
        messages.error(request, problem.detail)
        return redirect("members", team)
    if member.user == request.user:
        return redirect("landing")
    messages.success(request, f"{member.user} belongs to the team no more.")
    return redirect("members", team)


@needs(Action.INVITE)
@login_required
@never_cache
@require_POST
def invite_somebody(request: HttpRequest, team: str) -> HttpResponse:
    """Answers with the page itself, for once not with a redirect: the link must be kept nowhere on the way."""
    who = _who(request)
    owned = access_team(who, team, Action.INVITE)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, owned, form=form, status=400)
    try:
        invited = invite(who, form.invitation(owned), actor=Actor.of(request))
    except Problem as problem:
        form.add_error(None, problem.detail)
        return _page(request, owned, form=form, status=problem.status)
    return _page(request, owned, invited=invited)


@needs(Action.INVITE)
@login_required
@require_POST
def take_back(request: HttpRequest, team: str, number: int) -> HttpResponse:
    who = _who(request)
    invitation = access_invitation(who, team, number)
    revoke(who, invitation, actor=Actor.of(request))
    messages.success(request, "The invitation is taken back.")
    return redirect("members", team)


def _page(
    request: HttpRequest,
    team: Team,
    *,
    form: InvitationForm | None = None,
    invited: Invited | None = None,
    status: int = 200,
) -> HttpResponse:
    who = _who(request)
    may = allowed(who, team.slug)
    context = {
        "team": team,
        "rows": _rows(who, may, team),
        "may_invite": Action.INVITE in may,
        "given": [role for role in GIVEN if TABLE[role] <= may],
        "open": _open(who, team) if Action.INVITE in may else [],
        "sentences": sentences(),
        "days": DAYS,
        "most_uses": MOST_USES,
        "form": form,
        "by": form.data.get("by") if form else "",
        "invited": invited,
    }
    return render(request, "web/team/members.html", context, status=status)


def _rows(who: Person, may: frozenset[Action], team: Team) -> list[dict[str, Any]]:
    found = list(access_members(who, team.slug))
    own = membership(who.user, team.slug)
    rank = TABLE[Role(own.role)] if own and Action.MEMBERS in may else frozenset()
    alone = [member.role for member in found].count(Role.OWNER) == 1
    return [
        {
            "member": member,
            "you": member.user == who.user,
            "changeable": TABLE[Role(member.role)] <= rank and not (alone and member.role == Role.OWNER),
            "given": [role for role in GIVEN if TABLE[role] <= may],
        }
        for member in found
    ]


def _open(who: Person, team: Team) -> list[dict[str, Any]]:
    found = list(access_invitations(who, team.slug).filter(pk__in=open_of(team)))
    return [
        {"invitation": one, "void": state == State.VOID}
        for one, state in zip(found, states(found), strict=True)
    ]


def sentences() -> list[dict[str, Any]]:
    """What each role may beyond the lesser one, from the least: the labels of actions complete “may …”."""
    told = [{"role": LADDER[0], "lesser": None, "actions": _labels(TABLE[LADDER[0]])}]
    for lesser, role in pairwise(LADDER):
        told.append({"role": role, "lesser": lesser, "actions": _labels(TABLE[role] - TABLE[lesser])})
    return told


def _labels(actions: frozenset[Action]) -> list[str]:
    return [action.label for action in Action if action in actions]


def _who(request: HttpRequest) -> Person:
    """login_required has seen to it that there is one; this tells the type."""
    assert isinstance(request.user, User)
    return Person(request.user)
