"""What every endpoint of the published clients has in common: methods, the error shape, access from other origins."""

import logging
import secrets
import time
from collections.abc import Callable

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from console.problems import Problem
from console.protocol.ask import Ask

Handler = Callable[..., HttpResponseBase]

# A browser shows these of an answer to a page of another origin.
EXPOSED = "x-auth0-proxy-stats, x-auth0-stats, x-wt-response-source, location"
PREFLIGHT_SECONDS = "600"

logger = logging.getLogger(__name__)


def endpoint(**handlers: Handler) -> Callable[..., HttpResponseBase]:
    """A view of `handlers` by method; each is called with an Ask and the names in the URL.

    Cookies count for nothing here, so that pages of any origin may call: a credential is always sent on purpose.
    """

    @csrf_exempt
    def view(request: HttpRequest, **names: str) -> HttpResponseBase:
        answer = _answer(request, handlers, names)
        answer["Access-Control-Allow-Origin"] = "*"
        answer["Access-Control-Expose-Headers"] = EXPOSED
        answer["Cache-Control"] = "no-store"
        return answer

    view.__dict__["handlers"] = handlers
    return view


def refusal(status: int, message: str) -> JsonResponse:
    body = {
        "code": status,
        "message": message,
        "req_id": f"{time.time_ns() // 10**6}.{secrets.randbelow(10**6)}",
    }
    return JsonResponse(body, status=status)


def nothing_here(_ask: Ask, **_names: str) -> HttpResponse:
    return refusal(404, "there is nothing at this address")


def _answer(request: HttpRequest, handlers: dict[str, Handler], names: dict[str, str]) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return _preflight(request, handlers)
    handler = handlers.get("GET" if request.method == "HEAD" else request.method or "")
    if handler is None:
        answer = refusal(405, f"method {request.method} is not known here")
        answer["Allow"] = _methods(handlers)
        return answer
    try:
        return handler(Ask(request, handler), **names)
    except Exception as error:  # noqa: BLE001 - every failure has this shape
        return _failed(request, error)


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    if isinstance(error, Problem):
        return refusal(error.status, error.detail)
    if isinstance(error, RequestDataTooBig):
        return refusal(413, "the body is over the limit")
    if isinstance(error, Http404):
        return refusal(404, "there is nothing at this address")
    if isinstance(error, PermissionDenied):
        return refusal(403, str(error))
    # Nobody foresaw it: the log gets all of it, the caller a number to look for.
    answer = refusal(500, "that did not work; the failure was logged")
    text = answer.content.decode()
    logger.error("%s %s failed: %s", request.method, request.path, text, exc_info=error)
    return answer


def _preflight(request: HttpRequest, handlers: dict[str, Handler]) -> HttpResponse:
    answer = HttpResponse(status=204)
    answer["Allow"] = answer["Access-Control-Allow-Methods"] = _methods(handlers)
    answer["Access-Control-Allow-Headers"] = request.headers.get(
        "Access-Control-Request-Headers", "authorization, content-type"
    )
    answer["Access-Control-Max-Age"] = PREFLIGHT_SECONDS
    return answer


def _methods(handlers: dict[str, Handler]) -> str:
    return ", ".join([*handlers, "OPTIONS"])
