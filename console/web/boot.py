"""What the workspace island finds in its page, so that its first paint needs no call (frontend/src/lib/boot.ts)."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse

from console.accounts.access import membership
from console.accounts.models import User
from console.accounts.roles import Action, allows
from console.webtasks.access import access_versions, draft_of
from console.webtasks.deployments import limits_of
from console.webtasks.models import Webtask
from console.webtasks.shapes import version_summary, webtask_shape

# One page of the API's list; the island asks for older ones.
VERSIONS = 100


def boot(request: HttpRequest, user: User, webtask: Webtask) -> dict[str, Any]:
    team, name = webtask.team.slug, webtask.name
    page = reverse("workspace", args=[team, name])
    return {
        "user": user.email,
        "csrf": get_token(request),
        "webtask": webtask_shape(webtask, draft_of(webtask, user)),
        "versions": [
            version_summary(version, live=version.pk == webtask.live_id)
            for version in access_versions(webtask)[:VERSIONS]
        ],
        "may": _may(user, team),
        "limits": {"code_bytes": limits_of(webtask).code_bytes},
        "paths": {
            "api": f"/api/teams/{team}/webtasks/{name}",
            "team": reverse("dashboard", args=[team]),
            "settings": reverse("settings", args=[team]),
            "signin": f"{reverse('signin')}?next={page}",
            "signout": reverse("signout"),
        },
    }


def _may(user: User, team: str) -> dict[str, bool]:
    member = membership(user, team)
    actions = {
        "edit": Action.EDIT,
        "publish": Action.PUBLISH,
        "run": Action.RUN,
        "restore": Action.RESTORE,
        "logs": Action.LOGS,
        "limit": Action.LIMIT,
    }
    return {word: member is not None and allows(member.role, action) for word, action in actions.items()}
