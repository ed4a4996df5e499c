"""The pages of an invitation, for whoever has its link. Looking changes nothing: mail programs look at links too."""

from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from console.accounts import signup
from console.accounts.access import membership
from console.accounts.access_invitations import State, is_foreign, shown_invitation, state_of
from console.accounts.audit import Actor
from console.accounts.invitations import accept
from console.accounts.models import Invitation, User
from console.accounts.needs import Beyond, needs
from console.accounts.principals import Person
from console.problems import Absent, Problem
from console.web.members import sentences

# What is over says no more of the team than that. A stranger need not hear what became of an author.
OVER = {
    State.USED: (
        "This invitation was used already",
        "If it was you, sign in with that account. If not, ask whoever sent it for another.",
    ),
    State.EXPIRED: ("This invitation has ended", "Ask whoever sent it for another."),
    State.REVOKED: ("This invitation was taken back", "Ask whoever sent it whether that was meant."),
}
OVER[State.VOID] = OVER[State.REVOKED]
ABSENT = ("There is no such invitation", "Perhaps the link was cut on its way. Copy it whole, and try again.")


@needs(Beyond.ANYONE)
@never_cache
@require_safe
def join(request: HttpRequest, secret: str) -> HttpResponse:
    return _page(request, secret)


@needs(Beyond.ANYONE)
@never_cache
@require_POST
def join_team(request: HttpRequest) -> HttpResponse:
    """The secret comes in the form: addresses of forms that are out of date go to the log."""
    secret = request.POST.get("secret", "")
    if not isinstance(request.user, User):
        return redirect_to_login(_path(secret))
    try:
        member = accept(Person(request.user), secret, actor=Actor.of(request))
    except Problem as problem:
        return _page(request, secret, problem=problem)
    request.session.pop(signup.INVITED, None)
    messages.success(request, f"Welcome: you are {member.get_role_display().lower()} of {member.team.name}.")
    return redirect("dashboard", member.team.slug)


def _page(request: HttpRequest, secret: str, *, problem: Problem | None = None) -> HttpResponse:
    try:
        invitation = shown_invitation(secret)
    except Absent:
        return _over(request, ABSENT, status=404)
    user = request.user if isinstance(request.user, User) else None
    if user and (member := membership(user, invitation.team.slug)):
        return render(request, "web/join/member.html", {"member": member})
    state = state_of(invitation)
    if state != State.OPEN:
        return _over(request, OVER[state], status=410)
    context = {"invitation": invitation, "secret": secret, "here": _path(secret)}
    if user and not user.is_guest and is_foreign(invitation, user):
        return render(request, "web/join/foreign.html", context, status=403)
    if user is None or user.is_guest:
        request.session[signup.INVITED] = invitation.pk
    context |= {"ladder": _up_to(invitation), "problem": problem}
    return render(request, "web/join/offer.html", context, status=problem.status if problem else 200)


def _over(request: HttpRequest, words: tuple[str, str], *, status: int) -> HttpResponse:
    title, remedy = words
    return render(request, "web/join/over.html", {"title": title, "remedy": remedy}, status=status)


def _up_to(invitation: Invitation) -> list[str]:
    """What the role may, the most first."""
    told: list[str] = []
    for step in sentences():
        told = [*step["actions"], *told]
        if step["role"] == invitation.role:
            break
    return told


def _path(secret: str) -> str:
    return f"/join/{quote(secret, safe='')}"
