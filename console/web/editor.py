"""The link to the editor that the published clients open: what follows its `#` is a webtask's name and a token.

Only the browser sees that. The page hands it over by a request of its own (frontend/src/lib/editLink.ts), and whoever is
not signed in is signed in with the token, for that webtask alone (console.accounts.holders).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from console.accounts import holders, logins, tokens
from console.accounts.audit import address_of
from console.accounts.models import Team, Token, User
from console.accounts.needs import Beyond, needs
from console.accounts.principals import Person, Principal
from console.accounts.roles import Action
from console.problems import Absent, Forbidden, Invalid, Overloaded, Problem
from console.webtasks.access import access_webtask

_OVER = "The token that you signed in with has ended or was revoked. Open the editor again with a link that has another."
View = Callable[..., HttpResponse]


def visitor(request: HttpRequest) -> Principal:
    user = request.user
    return holders.principal_of(user, request.session) if isinstance(user, User) else Person(user)


def while_it_lasts(view: View) -> View:
    """Who signed in with a token that is over is nobody any more, and told so. Before login_required."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(request.user, User) and holders.opened_by(request.session):
            logout(request)
            messages.error(request, _OVER)
        return view(request, *args, **kwargs)

    return guarded


@needs(Beyond.ANYONE)
@never_cache
@sensitive_post_parameters("token")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, team: str) -> HttpResponse:
    answer = _opened(request, team) if request.method == "POST" else _page(request, team)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _page(request: HttpRequest, team: str) -> HttpResponse:
    """A link of another site's would sign somebody in whom it chose: there a press of the button is asked for."""
    own = request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")
    return render(request, "web/edit.html", {"team": team, "at_once": own or _person(request) is not None})


def _opened(request: HttpRequest, slug: str) -> HttpResponse:
    name, shown = request.POST.get("name", ""), request.POST.get("token", "")
    person = _person(request)
    try:
        there = _as_person(request, person, slug, name) if person else _by_token(request, slug, name, shown)
    except Problem as problem:
        kind = "application/problem+json"
        return JsonResponse(problem.shape(), status=problem.status, content_type=kind)
    return JsonResponse({"there": there})


def _person(request: HttpRequest) -> User | None:
    """Who is signed in as themselves: that counts, whatever token a link has."""
    user = request.user
    return user if isinstance(user, User) and user.holds_id is None else None


def _as_person(request: HttpRequest, person: User, slug: str, name: str) -> str:
    """Raises Absent, Forbidden."""
    if not name:
        return reverse("dashboard", args=[slug])
    try:
        webtask = access_webtask(Person(person), slug, name, Action.VIEW)
    except Absent:
        raise Absent(
            f"You are signed in as {person.handle}, who can see no webtask “{slug}/{name}”. Your sign-in goes before the"
            " link's token: sign out and open the link again to use that."
        ) from None
    messages.info(request, f"Signed in as {person.handle}: that counts here, not the token in the link.")
    return reverse("workspace", args=[webtask.team.slug, webtask.name])


def _by_token(request: HttpRequest, slug: str, name: str, shown: str) -> str:
    """Raises Forbidden, Absent, Invalid, Overloaded."""
    if not ratelimit.consume(request, action="token"):
        raise Overloaded("Many links to the editor were opened from your network. Try again in a minute.")
    if not shown:
        raise Invalid("This link carries no token: copy all of it, to its end.")
    if logins.is_login(shown):
        raise Forbidden("The client is signed in as a person. Sign in here as the same person.")
    token = tokens.known(shown)
    if token.methods is not None and "GET" not in token.methods:
        raise Forbidden(f"The token is for {', '.join(token.methods)} requests alone: it shows nothing.")
    team, name = tokens.team_of(token, slug), name or _only_name(token)
    if not holders.reach(token, team, name):
        raise Forbidden(f"The token is not good for “{team}/{name}”.")
    _sign_in(request, token, team, name)
    webtask = access_webtask(visitor(request), team.slug, name, Action.VIEW)
    return reverse("workspace", args=[team.slug, webtask.name])


def _only_name(token: Token) -> str:
    """Raises Invalid."""
    names = [token.claims["jtn"]] if "jtn" in token.claims else token.claims.get("jtnm", [])
    if len(names) != 1:
        raise Invalid("The link names no webtask. Call the client with one: wt edit NAME.")
    return str(names[0])


def _sign_in(request: HttpRequest, token: Token, team: Team, name: str) -> None:
    """A fresh session, unless it is the same token's."""
    holder = holders.admit(token, team, name, address=address_of(request))
    login(request, holder, backend=holders.BACKEND)
    holders.open_for(request.session, team, name)
    request.session.set_expiry(holders.seconds_of(token))
    # Cached by the request before: who it is now comes from the session.
    request.user = holder
