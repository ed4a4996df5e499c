"""What the workspace island finds in its page, so that its first paint needs no call (frontend/src/lib/boot.ts)."""

from typing import Any, TypedDict

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse

from console.accounts.access import membership
from console.accounts.models import User
from console.accounts.principals import Principal
from console.accounts.roles import Action, Right
from console.web.guests import stay_of
from console.webtasks.access import access_versions
from console.webtasks.deployments import limits_of
from console.webtasks.models import Webtask
from console.webtasks.shapes import VersionSummary, WebtaskShape, instant, version_summary, webtask_shape

# One page of the API's list; the island asks for older ones.
VERSIONS = 100


class Held(TypedDict):
    """The token that somebody signed in with: until when the session lasts, or the token does."""

    name: str
    until: str | None


def boot(request: HttpRequest, who: Principal, webtask: Webtask) -> dict[str, Any]:
    team, name, user = webtask.team.slug, webtask.name, who.user
    assert isinstance(user, User)  # nobody else sees a webtask
    shape = webtask_shape(webtask, who)
    member = membership(user, team) is not None
    page = reverse("workspace", args=[team, name])
    return {
        "person": user.pk,
        # Of the page alone: by name the API finds it, and who keeps something for it needs what no rename changes.
        "number": webtask.pk,
        "user": user.email or str(user),
        "token": _held(user),
        "guest": stay_of(user, back=page),
        "notice": " ".join(str(message) for message in get_messages(request)),
        "csrf": get_token(request),
        "webtask": shape,
        "versions": _versions(webtask, shape),
        "rights": dict(Right.choices),
        "limits": {"code_bytes": limits_of(webtask).code_bytes},
        "paths": {
            "api": f"/api/teams/{team}/webtasks/{name}",
            "team": reverse("dashboard", args=[team]) if member else None,
            "settings": reverse("settings", args=[team]) if member else None,
            "signin": _entrance(user, page),
            "signout": reverse("account_logout"),
        },
    }


def _versions(webtask: Webtask, shape: WebtaskShape) -> list[VersionSummary]:
    """Whoever may not see code sees which version is live, and no others."""
    if Action.CODE not in shape["allowed"]:
        return [shape["live"]] if shape["live"] else []
    return [
        version_summary(version, live=version.pk == webtask.live_id)
        for version in access_versions(webtask)[:VERSIONS]
    ]


def _held(user: User) -> Held | None:
    ends = user.holds.expires_at if user.holds else None
    return {"name": user.holds.name, "until": instant(ends) if ends else None} if user.holds else None


def _entrance(user: User, page: str) -> str | None:
    """Where they come back in. Who has a token needs a link with one."""
    if user.holds_id:
        return None
    return reverse("new") if user.is_guest else f"{reverse('account_login')}?next={page}"
