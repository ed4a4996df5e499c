"""Renders every failure of the API as a problem (RFC 9457)."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response

from console import problems
from console.problems import Absent, Forbidden, Problem, TooLarge
from console.webtasks.access import DraftView
from console.webtasks.models import Version
from console.webtasks.shapes import draft_shape, version_summary

MEDIA_TYPE = "application/problem+json"

# DRF's own failures: status → (id, title).
_DRF = {
    400: ("invalid", "The request is not valid"),
    401: ("not-signed-in", "You are not signed in"),
    403: ("forbidden", "Not allowed"),
    404: ("absent", "Not found"),
    405: ("method-not-allowed", "This method is not known here"),
    406: ("not-acceptable", "Only application/json is spoken here"),
    415: ("unsupported-media-type", "Only application/json is understood here"),
    429: ("too-many-requests", "Too many requests"),
}

logger = logging.getLogger(__name__)


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's EXCEPTION_HANDLER. A failure nobody foresaw is logged whole and told without details."""
    if isinstance(error, Problem):
        body = shape(error)
        return _response(body)
    if isinstance(error, Http404):
        return _response(shape(Absent("There is nothing at this address.")))
    if isinstance(error, PermissionDenied):
        return _response(shape(Forbidden(str(error) or "Not allowed.")))
    if isinstance(error, RequestDataTooBig):
        return _response(shape(TooLarge("The body is over the limit.")))
    if isinstance(error, exceptions.APIException):
        return _from_drf(error)
    logger.error("%s failed", context["request"].path, exc_info=error)
    return _response(problems.shape("failed", 500, "That did not work", "The failure was logged; try again."))


def shape(problem: Problem) -> dict[str, Any]:
    extra = {key: _extra(value) for key, value in problem.extra.items()}
    return problem.shape() | extra


@csrf_exempt
def nothing_here(_request: HttpRequest, **_kwargs: str) -> JsonResponse:
    """For addresses below /api/ that no view answers."""
    return JsonResponse(
        shape(Absent("There is nothing at this address.")), status=404, content_type=MEDIA_TYPE
    )


def _from_drf(error: exceptions.APIException) -> Response:
    code, title = _DRF.get(error.status_code, ("failed", "That did not work"))
    if isinstance(error, exceptions.ValidationError):
        body = problems.shape(code, error.status_code, title, "Some fields are not valid.") | {
            "errors": error.detail
        }
    else:
        if isinstance(error, exceptions.PermissionDenied) and str(error.detail).startswith("CSRF"):
            code, title = "csrf", "The page is out of date"
        body = problems.shape(code, error.status_code, title, str(error.detail))
    response = _response(body)
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response


def _response(body: dict[str, Any]) -> Response:
    return Response(body, status=body["status"], content_type=MEDIA_TYPE)


def _extra(value: Any) -> Any:
    if isinstance(value, DraftView):
        return draft_shape(value)
    if isinstance(value, Version):
        return version_summary(value, live=True)
    return value
