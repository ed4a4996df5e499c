from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.access_invitations import State, access_invitation, access_invitations, states
from console.accounts.invitations import LASTS, accept, invite, revoke
from console.accounts.models import Invitation
from console.accounts.needs import Beyond, needs
from console.accounts.principals import Person
from console.accounts.roles import Action
from console.accounts.shapes import invitation_shape
from console.api import member_serializers as serializers
from console.api.serializers import Problem
from console.api.views import View

# Of one answer.
MOST = 500
# What is shown once must be kept nowhere on its way.
_SHOWN_ONCE = {"Cache-Control": "no-store"}


class InvitationsView(View):
    @needs(Action.INVITE)
    @extend_schema(operation_id="list_invitations", responses=serializers.Invitation(many=True))
    def get(self, _request: Request, team: str) -> Response:
        """The team's invitations, newest first; those that ended a month ago are gone. Never the secrets."""
        found = list(access_invitations(self.who, team)[:MOST])
        return Response([invitation_shape(*pair) for pair in zip(found, states(found), strict=True)])

    @needs(Action.INVITE)
    @extend_schema(
        operation_id="invite",
        request=serializers.NewInvitation,
        responses={201: serializers.IssuedInvitation, 409: Problem, 429: Problem},
    )
    def post(self, _request: Request, team: str) -> Response:
        """Invite somebody, with no more than your own role. The `secret` is in this answer and nowhere else."""
        owner = self.team(team)
        sent = self.sent(serializers.NewInvitation)
        wanted = Invitation(
            team=owner,
            email=sent.get("email", "").lower(),
            role=sent["role"],
            expires_at=sent.get("expires_at", timezone.now() + LASTS),
            most_uses=sent["most_uses"],
        )
        invited = invite(self.who, wanted, actor=self.actor)
        shown = {
            **invitation_shape(invited.invitation, State.OPEN),
            "secret": invited.secret,
            "url": invited.url,
        }
        return Response(shown, status=201, headers=_SHOWN_ONCE)


class InvitationView(View):
    @needs(Action.INVITE)
    @extend_schema(operation_id="revoke_invitation", responses={204: None})
    def delete(self, _request: Request, team: str, number: int) -> Response:
        """Take an invitation back. Whoever has joined by it stays."""
        revoke(self.who, access_invitation(self.who, team, number), actor=self.actor)
        return Response(status=204)


class AcceptView(View):
    @needs(Beyond.PERSON)
    @extend_schema(
        operation_id="accept_invitation",
        request=serializers.Acceptance,
        responses={201: serializers.Membership, 409: Problem, 410: Problem},
    )
    def post(self, _request: Request) -> Response:
        """Join a team by the `secret` of an invitation. For people; no token can do that."""
        member = accept(Person(self.person), self.sent(serializers.Acceptance)["secret"], actor=self.actor)
        return Response({"team": member.team.slug, "role": member.role}, status=201)
