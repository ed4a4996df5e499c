"""The page for those who are not signed in, and its Run button, which really runs."""

from typing import Any, TypedDict
from urllib.parse import urlencode

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from console.accounts import guests
from console.accounts.limits import effective
from console.accounts.needs import Beyond, needs
from console.problems import Problem
from console.web.gallery import card
from console.web.highlight import highlighted
from console.webtasks.addresses import run_url, share_url
from console.webtasks.calls import GRACE_SECONDS, console_host, send
from console.webtasks.gallery import FIRST, templates
from console.webtasks.showcase import SHOWPIECES, TEAM, Showpiece, grant
from executor.contract import GRANT_HEADER, INVOCATION_HEADER, RUN_PREFIX
from executor.limits import LIMITS

MAX_NAME = 40
_MAX_BODY = 4096
_TOLD = ("memory_bytes", "cpu_ms", "wall_ms")
_TOO_MANY = "That were many runs in a minute. Wait a moment, or open the editor and run your own."


class Shown(TypedDict):
    """An answer, or the `fault` that there is none."""

    status: int
    ms: float
    invocation: str
    body: str
    fault: str


def page(
    request: HttpRequest, *, chosen: Showpiece | None = None, name: str = "ada", shown: Shown | None = None
) -> HttpResponse:
    """`chosen` was run for `name`."""
    limits = effective(guests.LIMITS)
    context: dict[str, Any] = {
        "run_url": run_url("acme", "").rstrip("/"),
        "example": share_url("acme", "hello"),
        "guests": settings.GUESTS,
        "chosen": (chosen or next(iter(SHOWPIECES.values()))).name,
        "pieces": [(one, highlighted(one.code, one.name)) for one in SHOWPIECES.values()],
        "name": name,
        "shown": shown,
        "limits": {limit: LIMITS[limit].text(getattr(limits, limit)) for limit in _TOLD},
        "cards": [card(templates()[first]) for first in FIRST],
    }
    return render(request, "web/landing.html", context, status=_status(shown))


@needs(Beyond.ANYONE)
@never_cache
@require_POST
def show(request: HttpRequest) -> HttpResponse:
    """Runs one of the showpieces, and nothing else: of what is sent only a name gets into it."""
    piece = SHOWPIECES.get(request.POST.get("model", ""), SHOWPIECES["callback"])
    name = request.POST.get("name", "")[:MAX_NAME] or "ada"
    shown = _run(piece, name) if ratelimit.consume(request, action="showcase") else _fault(429, _TOO_MANY)
    if request.accepts("text/html"):
        return page(request, chosen=piece, name=name, shown=shown)
    return JsonResponse(shown, status=_status(shown))


def _run(piece: Showpiece, name: str) -> Shown:
    headers = [("host", console_host()), (GRANT_HEADER, grant(piece))]
    patience = effective(guests.LIMITS).wall_ms / 1000 + GRACE_SECONDS
    try:
        target = f"{RUN_PREFIX}{TEAM}/{piece.name}?{urlencode({'name': name})}"
        answer = send("GET", target, headers, b"", patience=patience, most=_MAX_BODY)
    except (Problem, UnicodeError):
        return _fault(
            503, "The part of this installation that runs code does not answer. Try again in a moment."
        )
    return {
        "status": answer.status,
        "ms": answer.milliseconds,
        "invocation": answer.header(INVOCATION_HEADER),
        "body": answer.body.decode(errors="replace"),
        "fault": "",
    }


def _fault(status: int, words: str) -> Shown:
    return {"status": status, "ms": 0, "invocation": "", "body": "", "fault": words}


def _status(shown: Shown | None) -> int:
    """The page's own: what the code answered is a part of it."""
    return shown["status"] if shown and shown["fault"] else 200
