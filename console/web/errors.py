"""The pages for what went wrong: what, why, an id that is in our log too, and what one can do."""

import logging
import secrets
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from console.problems import Problem
from console.web.csp import protect

logger = logging.getLogger("console.web")

# The longest window of an account's attempts.
RETRY_SECONDS = 300

WORDS = {
    400: (
        "This request could not be understood",
        "Something between your browser and this server changed or cut it.",
        "Go back and try again. If an address brought you here, check it for missing characters.",
    ),
    403: (
        "You may not do this",
        "You are signed in, but your role in this team does not allow it.",
        "Ask an owner or admin of the team to do it, or to change your role.",
    ),
    404: (
        "There is nothing here",
        "The address names nothing, or something you cannot see.",
        "Check the address for typing mistakes, or find the webtask in its team's list.",
    ),
    429: (
        "Too many attempts",
        "So much in so short a time looks like somebody who guesses.",
        "Wait a few minutes, then try again.",
    ),
    500: (
        "Something went wrong on our side",
        "The server met a mistake of its own. What you saved is safe.",
        "Try again in a moment. If it stays, tell your administrator the id below.",
    ),
}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 400, exception)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403, exception)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404, exception)


def too_many(request: HttpRequest) -> HttpResponse:
    answer = page(request, 429, None)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def failed(request: HttpRequest) -> HttpResponse:
    """Django has logged the failure itself; our line ties the id to it."""
    return page(request, 500, None)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """An old form: the cookie changed since it was shown, most often by signing in elsewhere."""
    problem = Problem("This form is older than your sign-in. Go back, reload the page and send it again.")
    logger.info("csrf %s on %s", reason, request.path)
    return page(request, 403, problem)


def page(request: HttpRequest, status: int, exception: Exception | None) -> HttpResponse:
    title, why, remedy = WORDS[status]
    incident = secrets.token_hex(8)
    log = logger.error if status >= 500 else logger.info
    log("%d for %s %s, id %s", status, request.method, request.path, incident)
    context = {
        "status": status,
        "reason": HTTPStatus(status).phrase,
        "title": title,
        "why": exception.detail if isinstance(exception, Problem) else why,
        "remedy": remedy,
        "incident": incident,
    }
    return protect(request, _rendered(request, status, context))


def _rendered(request: HttpRequest, status: int, context: dict[str, Any]) -> HttpResponse:
    if status < 500:
        return render(request, "web/error.html", context, status=status)
    try:
        # No context processor runs: what broke may be the session or the database.
        return render(None, "web/error.html", {**context, "request": request}, status=status)
    except Exception:  # noqa: BLE001  # whatever broke the page may break this one; the id must still come out
        text = f"{context['title']}. {context['remedy']}\nid {context['incident']}\n"
        return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
