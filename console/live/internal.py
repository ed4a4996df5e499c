"""What executors ask over HTTP: a deployment by name, and leave to run a token's code. Node token only."""

import base64
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from console.accounts import logins, tokens
from console.accounts.bearers import Bearer, LoginBearer, bearer_of
from console.accounts.needs import Beyond, needs
from console.accounts.roles import Action
from console.deliveries.actions import Parcel, accept
from console.deliveries.shapes import status_url
from console.live.nodes import is_node
from console.modules import archives
from console.problems import Forbidden, Problem
from console.webtasks import deployments
from executor.contract import GRANT_HEADER

View = Callable[..., HttpResponseBase]


def for_nodes(view: View) -> View:
    """Answers a stranger and a failure in the executors' own error shape, which the edge passes on."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_node(request.headers.get("Authorization", "")):
            return refusal(401, "this address is for executors: send the node token as bearer")
        try:
            return view(request, *args, **kwargs)
        except Problem as problem:
            return refusal(problem.status, problem.detail)

    return needs(Beyond.NODE)(guarded)


@for_nodes
@require_GET
def deployment(request: HttpRequest, team: str, webtask: str) -> HttpResponse:
    found = deployments.find(team, webtask, request.headers.get(GRANT_HEADER, ""))
    etag = f'"{found.digest}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    return JsonResponse({**found.to_json(), "digest": found.digest}, headers={"ETag": etag})


@for_nodes
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    try:
        asked = json.loads(request.body)
        team, presented = str(asked["team"]), str(asked["token"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return refusal(400, 'send {"team": …, "token": …}')
    return JsonResponse(_leave_of(bearer_of(presented), team))


def _leave_of(bearer: Bearer, team: str) -> dict[str, Any]:
    """Of a token, or of a person who signed in for a client. Raises Forbidden, Absent."""
    if isinstance(bearer, LoginBearer):
        runs_in = bearer.team(team, Action.EDIT)
        name = logins.name_of(bearer.user)
        template = deployments.of_person(bearer.actor, runs_in)
        return {"token": name, "template": template.to_json(), "ttl": tokens.LEAVE_SECONDS}
    assert bearer.token is not None  # all others show one
    runs_in = tokens.team_of(bearer.token, team)
    if not tokens.permits(bearer.token, Action.EDIT):
        raise Forbidden(f"the token's scopes lack {Action.EDIT}, which running code of one's own needs")
    return {
        "token": bearer.token.jti,
        "template": deployments.of_token(bearer.token, runs_in).to_json(),
        "ttl": tokens.seconds_left(bearer.token, at_most=tokens.LEAVE_SECONDS),
    }


@for_nodes
@require_POST
def deliveries(request: HttpRequest) -> HttpResponse:
    """Answered when it is on disk: from then on it is ours to do."""
    try:
        asked = json.loads(request.body)
        parcel = Parcel(**{**asked, "body": base64.b64decode(asked["body"], validate=True)})
    except (ValueError, KeyError, TypeError, RecursionError):
        return refusal(400, "send a parcel: its members, the body in base64")
    kept = accept(parcel)
    return JsonResponse({"ticket": kept.ticket, "location": status_url(kept)})


@for_nodes
@require_http_methods(["GET", "PUT"])
def archive(request: HttpRequest, digest: str) -> HttpResponseBase:
    """Of packages, brought by the executor that installed them and fetched by those that run with them."""
    if request.method == "PUT":
        archives.keep(digest, request)
        return HttpResponse(status=204)
    return FileResponse(archives.find(digest).open("rb"), content_type="application/gzip")


@csrf_exempt
def nothing_here(_request: HttpRequest, **_kwargs: str) -> HttpResponse:
    return refusal(404, "there is nothing here")


def refusal(code: int, message: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=code)
