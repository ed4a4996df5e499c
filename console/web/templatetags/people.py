"""What the pages about signing in need to know."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from django import template
from django.http import HttpRequest

from console.accounts import signup, ways
from console.accounts.access import allowed
from console.accounts.models import Team, User
from console.accounts.principals import Person
from console.web.guests import Stay, stay_of

register = template.Library()

# The first that a user agent names; most name older ones too, to be taken for them.
BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Windows": "Windows",
    "Mac OS": "a Mac",
    "Linux": "Linux",
}


@register.simple_tag
def signup_open(request: HttpRequest) -> bool:
    """Whether whoever asks may make an account."""
    return signup.is_open(request)


@register.simple_tag(takes_context=True)
def may_in(context: dict[str, Any], team: Team) -> frozenset[str]:
    """What whoever asks may do in a team, as the table names it."""
    return frozenset(action.value for action in allowed(Person(context["request"].user), team.slug))


@register.simple_tag
def guest_stay(request: HttpRequest) -> Stay | None:
    """What a guest is told of theirs; None for everybody else."""
    return stay_of(request.user)


@register.simple_tag
def factors_of(user: User) -> dict[str, Any]:
    """`passkeys`, the app's `totp` if codes are on, and how many recovery codes are `left` (None: there are none)."""
    kinds: dict[str, list[Authenticator]] = {}
    for one in Authenticator.objects.filter(user=user).order_by("created_at"):
        kinds.setdefault(one.type, []).append(one)
    codes = kinds.get(Authenticator.Type.RECOVERY_CODES, [])
    return {
        "passkeys": [one.wrap() for one in kinds.get(Authenticator.Type.WEBAUTHN, [])],
        "totp": next(iter(kinds.get(Authenticator.Type.TOTP, [])), None),
        "left": len(codes[0].wrap().get_unused_codes()) if codes else None,
    }


@register.simple_tag
def has_providers() -> bool:
    return bool(ways.configured())


@register.simple_tag
def providers(request: HttpRequest) -> list[dict[str, str]]:
    """Of this installation, in the settings' order."""
    return [{"id": one.sub_id, "name": one.name} for one in get_adapter().list_providers(request)]


@register.simple_tag
def connections_of(request: HttpRequest) -> dict[str, Any]:
    """What is `connected` to the account, also by providers that are no more; and `others`, which could be."""
    found = providers(request)
    names = {one["id"]: one["name"] for one in found}
    mine = SocialAccount.objects.filter(user=request.user).order_by("date_joined")
    connected = [
        {
            "account": one,
            "name": names.get(one.provider, one.provider),
            "shown": one.extra_data.get("login") or one.extra_data.get("email", ""),
        }
        for one in mine
    ]
    taken = {one.provider for one in mine}
    return {"connected": connected, "others": [one for one in found if one["id"] not in taken]}


@register.filter
def browser(agent: str) -> str:
    """“Firefox on Linux”, as far as the user agent tells."""
    name = next((name for mark, name in BROWSERS.items() if mark in agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in agent), "")
    return (
        f"{name or 'A browser'}{f' on {system}' if system else ''}"
        if name or system
        else agent[:40] or "Unknown"
    )
