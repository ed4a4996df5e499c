"""The pages of the templates: all, one, and a webtask made of it."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from console.accounts.access import access_team, allowed, teams_of
from console.accounts.audit import Actor
from console.accounts.models import Team, User
from console.accounts.needs import Beyond, needs
from console.accounts.principals import Person
from console.accounts.roles import Action
from console.problems import Problem
from console.web.curl import answer, curl
from console.web.forms import NewWebtask
from console.web.highlight import highlighted
from console.web.prose import prose
from console.webtasks.actions import create_webtask
from console.webtasks.addresses import share_url
from console.webtasks.gallery import MODELS, NEEDS, Template, template_named, templates
from console.webtasks.guards import title_of

_FILTERS = {"model": MODELS, "needs": NEEDS}


@needs(Beyond.ANYONE)
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    chosen = {key: request.GET[key] for key, known in _FILTERS.items() if request.GET.get(key) in known}
    context = {
        "cards": [card(one) for one in templates().values() if _fits(one, chosen)],
        "filters": [_filter(key, chosen) for key in _FILTERS],
        "filtered": bool(chosen),
    }
    return render(request, "web/gallery/all.html", context)


@needs(Beyond.ANYONE)
@needs(Action.CREATE, when="a webtask is made of it")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, name: str) -> HttpResponse:
    one = template_named(name)
    if request.method != "POST":
        return _page(request, one)
    if not isinstance(request.user, User):
        return redirect_to_login(request.path)
    return _use(request, request.user, one)


def card(one: Template) -> dict[str, Any]:
    """What a list says of it."""
    told = [words for need, words in NEEDS.items() if need in one.needs and need != "nothing"]
    return {"name": one.name, "title": one.title, "line": one.line, "model": MODELS[one.model], "needs": told}


def _use(request: HttpRequest, user: User, one: Template) -> HttpResponse:
    team = access_team(Person(user), request.POST.get("team", ""), Action.CREATE)
    form = NewWebtask(request.POST)
    if not form.is_valid():
        return _page(request, one, form=form, status=400)
    try:
        name, actor = form.cleaned_data["name"], Actor.of(request)
        made = create_webtask(team, name, actor=actor, content=one.content, about=one.about)
    except Problem as problem:
        form.add_error("name", problem.detail)
        return _page(request, one, form=form, status=problem.status)
    return redirect("workspace", team.slug, made.name)


def _page(
    request: HttpRequest, one: Template, *, form: NewWebtask | None = None, status: int = 200
) -> HttpResponse:
    teams = _teams(request.user)
    team = teams[0].slug if teams else "acme"
    texts = [
        (one.entry, one.code),
        *((path, text) for path, text in one.files.items() if path != "README.md"),
    ]
    context = {
        "template": one,
        "card": card(one),
        "readme": prose(one.readme),
        "texts": [(path, highlighted(text, path)) for path, text in texts],
        "guard": title_of(one.guard["kind"]) if one.guard else "",
        "curl": curl(one, share_url(team, one.name)),
        "answer": answer(one),
        "teams": teams,
        "team": request.POST.get("team", team),
        "form": form or NewWebtask(initial={"name": one.name}),
        "guests": settings.GUESTS,
    }
    return render(request, "web/gallery/one.html", context, status=status)


def _teams(user: object) -> list[Team]:
    """Where they may make one."""
    if not isinstance(user, User):
        return []
    return [team for team in teams_of(user) if Action.CREATE in allowed(Person(user), team.slug)]


def _fits(one: Template, chosen: dict[str, str]) -> bool:
    model, need = chosen.get("model", one.model), chosen.get("needs")
    return one.model == model and (need is None or need in one.needs)


def _filter(key: str, chosen: dict[str, str]) -> dict[str, Any]:
    """Links that choose, each with the other choice kept; the chosen one takes itself back."""
    chips = []
    for value, words in _FILTERS[key].items():
        query = QueryDict(mutable=True)
        is_chosen = chosen.get(key) == value
        query.update({**chosen, key: value})
        if is_chosen:
            del query[key]
        chips.append({"words": words, "chosen": is_chosen, "query": query.urlencode()})
    return {"key": key, "title": {"model": "Called as", "needs": "Needs"}[key], "chips": chips}
