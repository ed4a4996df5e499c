"""A team's tokens: what they may, issued with the secret shown once, revoked with all that descend from them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from console.accounts.access import access_team, access_token, access_tokens, allowed, descendants
from console.accounts.actions import Issued, issue_key, revoke_token
from console.accounts.audit import Actor
from console.accounts.models import Kind, Team, Token, User
from console.accounts.needs import needs
from console.accounts.principals import Person
from console.accounts.roles import TOGETHER, Action
from console.problems import Problem
from console.web.token_form import NewToken
from console.webtasks.access import access_webtasks
from console.webtasks.closed import closed_by

PAGE = 50
# Webtasks to choose from; the names of others are typed.
MOST_NAMES = 100


@dataclass(frozen=True, slots=True)
class Row:
    """`scopes` are labels; None is all that its issuer may. `state` is "", or why it is not in force."""

    token: Token
    scopes: list[str] | None
    rates: list[tuple[str, int]]
    issuer: str
    state: str
    revocable: bool


@needs(Action.OWN_TOKEN)
@needs(Action.ISSUE, when="a webtask token is issued")
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest, team: str) -> HttpResponse:
    who = _who(request)
    of_webtask = request.POST.get("kind") == Kind.WEBTASK
    owned = access_team(who, team, Action.ISSUE if of_webtask else Action.OWN_TOKEN)
    if request.method != "POST":
        return _list(request, who, owned, form=_form(who, owned))
    form = _form(who, owned, request.POST)
    if not form.is_valid():
        return _list(request, who, owned, form=form, status=400)
    kind = Kind(form.cleaned_data["kind"])
    try:
        issued = issue_key(
            who, owned, form.cleaned_data["name"], kind=kind, wanted=form.terms(), actor=Actor.of(request)
        )
    except Problem as problem:
        form.refuse(problem.extra.get("field"), problem.detail)
        return _list(request, who, owned, form=form, status=problem.status)
    # On the answer itself, and nowhere else: to load it again asks for another.
    return render(request, "web/team/token.html", _shown(owned, issued), status=201)


@needs(Action.OWN_TOKEN)
@needs(Action.REVOKE, when="it is another's")
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, team: str, jti: str) -> HttpResponse:
    who = _who(request)
    token = access_token(who, team, jti, to_revoke=True)
    if request.method == "POST":
        revoke_token(token.jti, actor=Actor.of(request))
        messages.success(request, f"“{token.name}” is revoked.")
        return redirect("tokens", team)
    owned = access_team(who, team, Action.OWN_TOKEN)
    closes = sorted(str(webtask) for webtask in closed_by(token.jti).webtasks)
    context = {"team": owned, "token": token, "young": descendants(token), "closes": closes}
    return render(request, "web/team/revoke.html", context)


def _shown(team: Team, issued: Issued) -> dict[str, Any]:
    return {"team": team, "issued": issued, "origin": settings.CONSOLE_ORIGIN}


def _who(request: HttpRequest) -> Person:
    """login_required has seen to it; this tells the type."""
    assert isinstance(request.user, User)
    return Person(request.user)


def _form(who: Person, team: Team, sent: Any = None) -> NewToken:
    may = allowed(who, team.slug)
    names = access_webtasks(who, team.slug).values_list("name", flat=True)[:MOST_NAMES]
    return NewToken(sent, may=may, names=list(names))


def _list(
    request: HttpRequest, who: Person, team: Team, *, form: NewToken, status: int = 200
) -> HttpResponse:
    found = access_tokens(who, team.slug).select_related("parent")
    before = request.GET.get("before", "")
    if before:
        found = found.filter(created_at__lt=access_token(who, team.slug, before).created_at)
    shown = list(found[: PAGE + 1])
    may = allowed(who, team.slug)
    ended = _ended(shown)
    context = {
        "team": team,
        "rows": [_row(token, who, may, ended) for token in shown[:PAGE]],
        "more": shown[PAGE - 1].jti if len(shown) > PAGE else "",
        "all": Action.TOKENS in may,
        "form": form,
        "crowded": len(form.fields["webtasks"].choices) == MOST_NAMES,  # type: ignore[attr-defined]
        "open": bool(form.errors) or not shown,
        "together": TOGETHER,
    }
    return render(request, "web/team/tokens.html", context, status=status)


def _ended(tokens: Collection[Token]) -> frozenset[str]:
    """Of their ancestors, those that are revoked."""
    ancestors = {jti for token in tokens for jti in token.claims.get("ca", [])}
    revoked = Token.objects.filter(jti__in=ancestors, revoked_at__isnull=False)
    return frozenset(revoked.values_list("jti", flat=True))


def _row(token: Token, who: Person, may: frozenset[Action], ended: frozenset[str]) -> Row:
    terms = token.terms
    scopes = None if terms.scopes is None else [action.label for action in Action if action in terms.scopes]
    state = ""
    if token.revoked_at:
        state = "revoked"
    elif not ended.isdisjoint(token.claims.get("ca", [])):
        state = "ended with its issuer"
    elif token.expires_at and token.expires_at <= timezone.now():
        state = "ended"
    return Row(
        token=token,
        scopes=scopes,
        rates=list(terms.rates.items()),
        issuer=f"the token “{token.parent.name}”" if token.parent else str(token.author or "the system"),
        state=state,
        revocable=not state and (token.author == who.user or Action.REVOKE in may),
    )
