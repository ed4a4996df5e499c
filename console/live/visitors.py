"""What executors ask of private webtasks: whether who shows this may call it, and the pass that a ticket is good for."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from console.accounts import keys, tokens
from console.accounts.bearers import TokenBearer, bearer_of
from console.accounts.models import Token, User
from console.accounts.names import team_named
from console.accounts.principals import KeyHolder, Person, Principal
from console.accounts.roles import Action
from console.live.internal import for_nodes, refusal
from console.live.viewer import Visitor
from console.modules.actions import prepare_draft
from console.problems import Absent, Forbidden
from console.webtasks import passes
from console.webtasks.access import access_webtask
from console.webtasks.runs import grant_of as run_grant


@for_nodes
@require_POST
def visitors(request: HttpRequest) -> HttpResponse:
    """Who may not hears the same, whatever they lack: an executor passes it on to strangers."""
    try:
        asked = json.loads(request.body)
        team, name, method = str(asked["team"]), str(asked["webtask"]), str(asked["method"])
        kind, value = str(asked["kind"]), str(asked["value"])
        # They were let in by it and are still there.
        staying = asked.get("staying") is True
    except (ValueError, KeyError, TypeError, RecursionError):
        return refusal(400, 'send {"team": …, "webtask": …, "method": …, "kind": …, "value": …}')
    if kind not in ("bearer", "key", "draft"):
        _check(_person(kind, value, team, name, staying=staying), team, name)
        return _let_in(None)
    if kind == "draft":
        token, grant = _author(value, team, name, staying=staying)
    else:
        token, grant = _token(kind, value, team, name), ""
    if token and token.methods is not None and method not in token.methods:
        raise Forbidden(f"this token is for {', '.join(token.methods)} requests alone")
    return _let_in(token, grant)


def _let_in(token: Token | None, grant: str = "") -> HttpResponse:
    rates = tokens.rates(token) if token else {}
    own = {"grant": grant} if grant else {}
    return JsonResponse({"jti": token.jti if token else "", "rates": rates, **own})


@for_nodes
@require_POST
def exchange(request: HttpRequest) -> HttpResponse:
    try:
        asked = json.loads(request.body)
        team, name, ticket = str(asked["team"]), str(asked["webtask"]), str(asked["ticket"])
        states = [str(state) for state in asked["states"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return refusal(400, 'send {"team": …, "webtask": …, "ticket": …, "states": […]}')
    word = passes.exchange(ticket, team, name, states)
    return JsonResponse({"pass": word, "seconds": passes.PASS_SECONDS})


def _token(kind: str, value: str, team: str, name: str) -> Token | None:
    """The token that may, None for a person who signed in for a client and may. Raises Forbidden."""
    if keys.is_key(value):
        # URLs end up in logs, and an API token may do much else.
        if kind == "key":
            raise Forbidden("an API token does not belong into a URL: send it as “Authorization: Bearer …”")
        try:
            token = keys.known(value)
        except keys.Unknown as problem:
            raise Forbidden(problem.detail) from None
        _check(KeyHolder(token), team, name)
        return token
    bearer = bearer_of(value)
    if isinstance(bearer, TokenBearer) and _runs(bearer.token, team, name):
        return bearer.token
    bearer.team_of(team, name, Action.RUN)
    return bearer.token


def _author(value: str, team: str, name: str, *, staying: bool) -> tuple[Token | None, str]:
    """Who may run their own draft and see its code, and the grant that names it. Raises Forbidden.

    That is for whoever a token acts as. A webtask token acts as nobody.
    """
    if keys.is_key(value):
        try:
            token = keys.known(value)
        except keys.Unknown as problem:
            raise Forbidden(problem.detail) from None
        who: Principal = KeyHolder(token)
        for action in (Action.RUN, Action.CODE):
            _check(who, team, name, action)
    else:
        bearer = bearer_of(value)
        if bearer.token is not None or bearer.actor.user is None:
            raise Forbidden(_DRAFT)
        for action in (Action.RUN, Action.CODE):
            bearer.team_of(team, name, action)
        token, who = None, Person(bearer.actor.user)
    webtask = access_webtask(who, team, name, Action.RUN)
    if not isinstance(who.user, User):
        raise Forbidden(_DRAFT)
    if staying:
        return token, ""
    prepare_draft(webtask, who.user)
    return token, run_grant(webtask, who.user)


def _runs(token: Token, team: str, name: str) -> bool:
    """Whether it is one that fixes this webtask's code, whatever its team was named then. Raises Forbidden."""
    found = team_named(team)
    if found is None or not tokens.fixes(token, found, name):
        return False
    tokens.team_of(token, team)
    if not tokens.permits(token, Action.RUN):
        raise Forbidden(f"the token's scopes lack {Action.RUN}")
    return True


def _person(kind: str, value: str, team: str, name: str, *, staying: bool) -> Principal | None:
    """Whose session it is at this moment. Raises Forbidden."""
    if kind not in ("session", "pass"):
        return None
    session = value if kind == "session" else passes.session_of(value, team, name, timely=not staying)
    return Visitor(session).now()


def _check(who: Principal | None, team: str, name: str, action: Action = Action.RUN) -> None:
    """Raises Forbidden."""
    try:
        if who is not None:
            access_webtask(who, team, name, action)
            return
    except (Absent, Forbidden):
        pass
    raise Forbidden(f"not authorized to perform operation on webtask `{name}` of tenant `{team}`")


_DRAFT = (
    "a draft is for its author: show an API token of yours, or what a client got when you signed in to it"
)
