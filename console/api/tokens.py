from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.access import access_team, access_token, access_tokens
from console.accounts.actions import issue_key, revoke_token
from console.accounts.models import Kind
from console.accounts.needs import needs
from console.accounts.roles import Action
from console.accounts.shapes import token_shape
from console.accounts.terms import Terms
from console.api import token_serializers as serializers
from console.api.views import View

# What is shown once must be kept nowhere on its way.
_SHOWN_ONCE = {"Cache-Control": "no-store"}


class TokensView(View):
    @needs(Action.OWN_TOKEN)
    @extend_schema(
        operation_id="list_tokens",
        parameters=[serializers.TokenQuery],
        responses=serializers.Token(many=True),
    )
    def get(self, _request: Request, team: str) -> Response:
        """The team's tokens, newest first, or your own where your role does not show others'. Never the secrets."""
        asked = self.asked(serializers.TokenQuery)
        found = access_tokens(self.who, team)
        if before := asked.get("before"):
            found = found.filter(created_at__lt=access_token(self.who, team, before).created_at)
        return Response([token_shape(token) for token in found[: asked["limit"]]])

    @needs(Action.OWN_TOKEN)
    @needs(Action.ISSUE, when="the token is to be a webtask token")
    @extend_schema(
        operation_id="issue_token", request=serializers.NewToken, responses={201: serializers.IssuedToken}
    )
    def post(self, _request: Request, team: str) -> Response:
        """Issue a token no wider than what you have yourself. Its `secret` is in this answer and nowhere else."""
        sent = self.sent(serializers.NewToken)
        kind = Kind(sent["kind"])
        owner = access_team(self.who, team, Action.OWN_TOKEN if kind == Kind.API else Action.ISSUE)
        issued = issue_key(self.who, owner, sent["name"], kind=kind, wanted=_wanted(sent), actor=self.actor)
        shown = {**token_shape(issued.token), "secret": issued.secret}
        return Response(shown, status=201, headers=_SHOWN_ONCE)


class TokenView(View):
    @needs(Action.OWN_TOKEN)
    @needs(Action.TOKENS, when="the token is another's")
    @extend_schema(operation_id="get_token", responses=serializers.Token)
    def get(self, _request: Request, team: str, jti: str) -> Response:
        return Response(token_shape(access_token(self.who, team, jti)))

    @needs(Action.OWN_TOKEN)
    @needs(Action.REVOKE, when="the token is another's")
    @extend_schema(operation_id="revoke_token", responses={204: None})
    def delete(self, _request: Request, team: str, jti: str) -> Response:
        """Revoke a token and all that descend from it, everywhere and at once."""
        token = access_token(self.who, team, jti, to_revoke=True)
        revoke_token(token.jti, actor=self.actor)
        return Response(status=204)


def _wanted(sent: dict[str, Any]) -> Terms:
    def names(key: str) -> frozenset[Any] | None:
        return None if sent.get(key) is None else frozenset(sent[key])

    ends = sent.get("expires_at")
    return Terms(
        scopes=names("scopes"),
        webtasks=names("webtasks"),
        methods=names("methods"),
        rates=sent.get("rates", {}),
        expires=None if ends is None else int(ends.timestamp()),
        depth=sent["depth"],
    )
