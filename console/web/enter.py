"""Where a browser comes from the URL of a private webtask: who may call it is sent back with a ticket."""

import re
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from console.accounts.needs import needs
from console.accounts.roles import Action
from console.web.editor import visitor, while_it_lasts
from console.webtasks import passes
from console.webtasks.access import access_webtask
from console.webtasks.addresses import entrance_url, share_url
from console.webtasks.guards import PRIVATE
from console.webtasks.models import Webtask
from executor.contract import Pin

# What follows the webtask's name in its URL; it can name no other host.
_REST = re.compile(r"([/?][!-~]*)?")
_STATE = re.compile(r"[0-9a-f]{64}")


@needs(Action.RUN)
@while_it_lasts
@login_required
@never_cache
@require_safe
def enter(request: HttpRequest, team: str, name: str) -> HttpResponse:
    """Where it goes on is a host of the webtask's own, whatever the URL says."""
    pin = Pin.of(name)
    webtask = access_webtask(visitor(request), team, pin.webtask if pin else name, Action.RUN)
    pinned = str(pin) if pin else webtask.name
    rest = request.GET.get("to", "")
    rest = rest if _REST.fullmatch(rest) else ""
    if webtask.guard != PRIVATE or not _STATE.fullmatch(request.GET.get("state", "")):
        # It comes back with a state if it needs to. Until then anybody's link may have led here, by way of signing in.
        return _page(request, webtask, share_url(webtask.team.slug, pinned) + rest)
    target = _entrance(request, webtask, pinned, rest)
    # Browsers let a form lead to our own pages only, the sign-in form too: from there a page leads on.
    if request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin":
        page = _page(request, webtask, target)
        page["Refresh"] = f"0; url={target}"
        return page
    return redirect(target)


def _page(request: HttpRequest, webtask: Webtask, target: str) -> HttpResponse:
    return render(request, "web/enter.html", {"webtask": webtask, "target": target})


def _entrance(request: HttpRequest, webtask: Webtask, name: str, rest: str) -> str:
    """`name` is its own, or a pinned one. The ticket is good for the webtask."""
    team, state = webtask.team.slug, request.GET["state"]
    own = webtask.live.host if webtask.live else ""
    host = own if own and request.GET.get("host") == own else ""
    ticket = passes.ticket(request.session.session_key or "", team, webtask.name, state)
    return f"{entrance_url(team, name, host)}?{urlencode({'ticket': ticket, 'to': rest})}"
