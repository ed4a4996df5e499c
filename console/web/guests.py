"""The pages on which somebody tries it without an account, and keeps what they made."""

from datetime import datetime
from typing import TypedDict
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from console.accounts import signup
from console.accounts.access import guest_of, home_of
from console.accounts.guests import LIFE
from console.accounts.keeping import Keep, KeepByPasskey, hand_over
from console.accounts.limits import effective
from console.accounts.models import Member, Team, User
from console.accounts.needs import Beyond, needs
from console.accounts.principals import Person
from console.problems import Overloaded, Problem
from console.web import errors
from console.webtasks import tryout
from console.webtasks.access import access_webtasks
from console.webtasks.gallery import Template, templates
from executor.contract import cookie_name
from executor.limits import LIMITS

# Names the team. With it the guest's session can be had again after a sign-out; it is worth nothing once they have
# kept the team. Of a name that webtasks never see.
COOKIE = "webtasks_guest"
_SALT = "webtasks.guest"
RETRY_SECONDS = 3600
# Of the limits, those that whoever tries it may meet, in words.
_TOLD = {
    "memory_bytes": "{} of memory",
    "cpu_ms": "{} of CPU for a request",
    "team_rate": "{}",
    "team_webtasks": "{}",
    "storage_bytes": "{} stored by each",
}


class Stay(TypedDict):
    """What a guest is told of theirs: until when it is there, where they keep it, what holds until then."""

    until: str
    keep: str
    limits: list[str]


def stay_of(user: object, *, back: str = "") -> Stay | None:
    """None for whoever is no guest. `back` is the page that they go on with."""
    member = home_of(user) if isinstance(user, User) and user.is_guest else None
    if member is None or member.team.expires_at is None:
        return None
    limits = effective(member.team.limits)
    return {
        "until": member.team.expires_at.isoformat(),
        "keep": f"{reverse('keep')}?{urlencode({'next': back})}" if back else reverse("keep"),
        "limits": [
            *(words.format(LIMITS[name].text(getattr(limits, name))) for name, words in _TOLD.items()),
            "no connections to other hosts",
            "no packages but those that every webtask has",
            "no schedules, tokens, other members",
        ],
    }


@needs(Beyond.ANYONE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """An editor and a live URL at once. Only a POST makes any: whoever looks ahead or crawls gets a page with a button."""
    user, template = request.user, templates().get(request.POST.get("template", ""))
    if isinstance(user, User) and not has_ended(request, user):
        return redirect("template", template.name) if template else redirect(_onward(request) or _home(user))
    member = _remembered(request)
    if member is None and not settings.GUESTS:
        return redirect("account_login")
    if request.method != "POST":
        return _new(request, member)
    return _go_on(request, member, template) if member else _begin(request, template)


def has_ended(request: HttpRequest, user: User) -> bool:
    """Whether they are a guest whose time is over; then they are nobody any more."""
    if not user.is_guest or home_of(user):
        return False
    logout(request)
    return True


def _begin(request: HttpRequest, template: Template | None) -> HttpResponse:
    if not ratelimit.consume(request, action="guest"):
        return _new(request, None, fault="There were many new ones from your network. Try again in an hour.")
    try:
        member, made = tryout.begin(address=get_adapter().get_client_ip(request), template=template)
    except Overloaded as problem:
        return _new(request, None, fault=problem.detail)
    return _enter(request, member, reverse("workspace", args=[member.team.slug, made.name]))


def _go_on(request: HttpRequest, member: Member, template: Template | None) -> HttpResponse:
    """With what they made before, and with what is to be made of a template."""
    if template is None:
        return _enter(request, member, _home(member.user))
    try:
        made = tryout.add(member, template, address=get_adapter().get_client_ip(request))
    except Problem:
        # The name is taken, or there is room for no more: the template's page says which, and takes another name.
        return _enter(request, member, reverse("template", args=[template.name]))
    return _enter(request, member, reverse("workspace", args=[member.team.slug, made.name]))


def _enter(request: HttpRequest, member: Member, to: str) -> HttpResponse:
    assert member.team.expires_at
    login(request, member.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.set_expiry(member.team.expires_at)
    answer = redirect(_onward(request) or to)
    answer.set_signed_cookie(
        cookie_name(COOKIE, secure=settings.SESSION_COOKIE_SECURE),
        member.team.slug,
        salt=_SALT,
        expires=member.team.expires_at,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _remembered(request: HttpRequest) -> Member | None:
    """Whose browser it is, when they were signed out meanwhile."""
    name = cookie_name(COOKIE, secure=settings.SESSION_COOKIE_SECURE)
    slug = request.get_signed_cookie(name, default=None, salt=_SALT, max_age=LIFE)
    return guest_of(slug) if slug else None


def _new(request: HttpRequest, member: Member | None, *, fault: str = "") -> HttpResponse:
    context = {"until": _until(member), "fault": fault}
    answer = render(request, "web/new.html", context, status=429 if fault else 200)
    answer["X-Robots-Tag"] = "noindex"
    if fault:
        answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _until(member: Member | None) -> datetime | None:
    return member.team.expires_at if member else None


def _onward(request: HttpRequest) -> str:
    """The page that they came for, if it is one."""
    asked = request.GET.get("next", "")
    return asked if asked and get_adapter().is_safe_url(asked) else ""


def _home(user: User) -> str:
    """Where they go on: a guest with their first webtask, a person with a new one."""
    member = home_of(user)
    if member is None:
        return reverse("landing")
    team = member.team
    first = access_webtasks(Person(user), team.slug).first() if user.is_guest else None
    if first:
        return reverse("workspace", args=[team.slug, first.name])
    return f"{reverse('dashboard', args=[team.slug])}#id_name"


@needs(Beyond.ANYONE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest) -> HttpResponse:
    """For a guest: by address and password, or by address and a passkey that is made afterwards."""
    user, member = request.user, _guest(request)
    if member is None or not isinstance(user, User):
        return redirect("landing" if isinstance(user, User) else "new")
    by_passkey = request.GET.get("by") == "passkey"
    kind = KeepByPasskey if by_passkey else Keep
    back = _back(request, member.team)
    form = kind(request.POST if request.method == "POST" and signup.is_open(request) else None)
    if form.is_bound and not ratelimit.consume(request, action="signup"):
        return errors.too_many(request)
    if form.is_bound and form.is_valid():
        form.begin(request, user)
        after = reverse("mfa_add_webauthn") if by_passkey else back
        return redirect(f"{reverse('account_email_verification_sent')}?{urlencode({'next': after})}")
    context = {"form": form, "team": member.team, "by_passkey": by_passkey, "back": back}
    return render(request, "web/keep.html", context, status=400 if form.errors else 200)


@needs(Beyond.ANYONE)
@never_cache
@require_POST
def keep_in_account(request: HttpRequest) -> HttpResponse:
    """For a guest who has an account: it gets the team when they sign in."""
    member = _guest(request)
    if member is None:
        return redirect("account_login")
    back = _back(request, member.team)
    hand_over(request, member.team)
    return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")


def _guest(request: HttpRequest) -> Member | None:
    user = request.user
    return home_of(user) if isinstance(user, User) and user.is_guest else None


def _back(request: HttpRequest, team: Team) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if asked and get_adapter().is_safe_url(asked) else reverse("dashboard", args=[team.slug])
