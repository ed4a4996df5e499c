"""What is done with several webtasks of a list at once: each for itself, and what could not be done is told."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from console.accounts.access import access_team
from console.accounts.audit import Actor
from console.accounts.needs import needs
from console.accounts.principals import Person
from console.accounts.roles import Action
from console.problems import Problem
from console.web.dashboard import PAGE
from console.web.signed_in import signed_in
from console.webtasks import guards
from console.webtasks.access import access_webtask
from console.webtasks.actions import delete_webtask
from console.webtasks.models import Webtask

# What a message says by name of what was done; the rest are counted.
_NAMED = 5


@needs(Action.PAUSE)
@login_required
@never_cache
@require_POST
def pause(request: HttpRequest, team: str) -> HttpResponse:
    return _set_paused(request, team, paused=True)


@needs(Action.PAUSE)
@login_required
@never_cache
@require_POST
def resume(request: HttpRequest, team: str) -> HttpResponse:
    return _set_paused(request, team, paused=False)


@needs(Action.DELETE)
@login_required
@never_cache
@require_POST
def delete(request: HttpRequest, team: str) -> HttpResponse:
    """First asks, with what is to be typed; then does it."""
    found = access_team(Person(signed_in(request)), team, Action.DELETE)
    names = _names(request)
    if not names:
        return _nothing(request, found.slug)
    wanted, typed = f"delete {len(names)}", request.POST.get("typed")
    if typed is None or typed.strip() != wanted:
        context = {"team": found, "names": names, "wanted": wanted, "typed": typed}
        return render(request, "web/bulk_delete.html", context, status=200 if typed is None else 400)
    actor = Actor.of(request)

    def do(webtask: Webtask) -> None:
        delete_webtask(webtask, actor=actor)

    return _each(request, found.slug, Action.DELETE, done="Deleted", do=do)


def _set_paused(request: HttpRequest, team: str, *, paused: bool) -> HttpResponse:
    found = access_team(Person(signed_in(request)), team, Action.PAUSE)
    if not _names(request):
        return _nothing(request, found.slug)
    actor, unheard = Actor.of(request), set[str]()

    def do(webtask: Webtask) -> None:
        unheard.update(guards.pause(webtask, paused=paused, actor=actor).unconfirmed)

    answer = _each(request, found.slug, Action.PAUSE, done="Paused" if paused else "Resumed", do=do)
    if unheard:
        told = f"Not confirmed yet by {', '.join(sorted(unheard))}: it holds there within seconds."
        messages.error(request, told)
    return answer


def _each(
    request: HttpRequest, team: str, action: Action, *, done: str, do: Callable[[Webtask], object]
) -> HttpResponse:
    """One that fails keeps none of the others."""
    who, good, bad = Person(signed_in(request)), [], []
    for name in _names(request):
        try:
            do(access_webtask(who, team, name, action))
            good.append(name)
        except Problem as problem:
            bad.append(f"{name}: {problem.detail}")
    if good:
        messages.success(request, f"{done}: {_listed(good)}.")
    for words in bad:
        messages.error(request, f"Not done. {words}")
    return redirect("dashboard", team)


def _names(request: HttpRequest) -> list[str]:
    """As many as a page shows."""
    return list(dict.fromkeys(request.POST.getlist("webtask")))[:PAGE]


def _listed(names: list[str]) -> str:
    shown, rest = names[:_NAMED], len(names) - _NAMED
    return f"{', '.join(shown)} and {rest} more" if rest > 0 else ", ".join(shown)


def _nothing(request: HttpRequest, team: str) -> HttpResponse:
    messages.error(request, "Mark the webtasks first.")
    return redirect("dashboard", team)
