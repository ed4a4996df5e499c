from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.access import allowed, membership, memberships
from console.accounts.models import Team
from console.accounts.needs import Beyond, needs
from console.accounts.roles import Action
from console.accounts.shapes import team_shape, team_summary
from console.accounts.teams import confirm, disband_team, found_team, leave_team, rename_team, transfer_team
from console.api import team_serializers as serializers
from console.api.member_serializers import RemovalQuery
from console.api.serializers import Problem
from console.api.views import View
from console.exports.archive import export
from console.exports.bundle import filename


class TeamsView(View):
    @needs(Beyond.SELF)
    @extend_schema(operation_id="list_teams", responses=serializers.TeamSummary(many=True))
    def get(self, _request: Request) -> Response:
        """The teams that you belong to, by name, with your role in each."""
        return Response([team_summary(member) for member in memberships(self.who)])

    @needs(Beyond.PERSON)
    @extend_schema(
        operation_id="create_team",
        request=serializers.NewTeam,
        responses={201: serializers.Team, 409: Problem},
    )
    def post(self, _request: Request) -> Response:
        """Make a team, of which you are the owner. One person may own so many."""
        owner = self.person
        sent = self.sent(serializers.NewTeam)
        name = sent.get("name", sent["slug"])
        team = found_team(sent["slug"], name, owner=owner, actor=self.actor)
        return Response(_shape(self, team), status=201)


class TeamView(View):
    @needs(Action.TEAM)
    @extend_schema(operation_id="get_team", responses=serializers.Team)
    def get(self, _request: Request, team: str) -> Response:
        """A name that the team had leads here as well, as everywhere; the answer says which it has."""
        return Response(_shape(self, self.team(team)))

    @needs(Action.RENAME)
    @extend_schema(
        operation_id="rename_team",
        request=serializers.TeamNames,
        responses={200: serializers.Team, 409: Problem},
    )
    def patch(self, _request: Request, team: str) -> Response:
        """Rename the team. URLs and tokens of the slug before go on working, and no other team gets it."""
        found = self.team(team)
        names = {"slug": found.slug, "name": found.name, **self.sent(serializers.TeamNames)}
        return Response(_shape(self, rename_team(found, **names, actor=self.actor)))

    @needs(Action.DISBAND)
    @extend_schema(
        operation_id="delete_team", parameters=[serializers.Confirmation], responses={204: None, 409: Problem}
    )
    def delete(self, _request: Request, team: str) -> Response:
        """Delete the team with all that it has, at once and for good. Export it before."""
        found = self.team(team)
        confirm(found, self.asked(serializers.Confirmation)["slug"])
        disband_team(found, actor=self.actor)
        return Response(status=204)


class LeaveView(View):
    @needs(Action.LEAVE)
    @extend_schema(
        operation_id="leave_team",
        request=None,
        parameters=[RemovalQuery],
        responses={204: None, 409: Problem},
    )
    def post(self, _request: Request, team: str) -> Response:
        """Leave the team; its only owner makes another member the owner first."""
        revoke = self.asked(RemovalQuery)["revoke_tokens"]
        leave_team(self.team(team), self.user, actor=self.actor, revoke=revoke)
        return Response(status=204)


class TransferView(View):
    @needs(Action.TRANSFER)
    @extend_schema(operation_id="transfer_team", request=serializers.Heir, responses=serializers.Team)
    def post(self, _request: Request, team: str) -> Response:
        """Make another member the owner, and yourself an admin."""
        found = self.team(team)
        transfer_team(found, self.sent(serializers.Heir)["email"], owner=self.user, actor=self.actor)
        return Response(_shape(self, found))


class ExportView(View):
    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[Any, str]:
        """Whatever a client says to accept: the answer is a zip, or a problem."""
        return JSONRenderer(), JSONRenderer.media_type

    @needs(Action.EXPORT)
    @extend_schema(
        operation_id="export_team",
        responses={(200, "application/zip"): OpenApiTypes.BINARY, 429: Problem},
    )
    def get(self, _request: Request, team: str) -> HttpResponseBase:
        """Everything of the team as one zip, but no value of a secret. Its README says what is where."""
        found = self.team(team)
        answer = StreamingHttpResponse(export(found, actor=self.actor), content_type="application/zip")
        answer["Content-Disposition"] = f'attachment; filename="{filename(found)}"'
        answer["Cache-Control"] = "no-store"
        return answer


def _shape(view: View, team: Team) -> dict[str, Any]:
    member = membership(view.user, team.slug)
    assert member is not None  # who may do anything to a team is a member
    return {**team_shape(member, allowed(view.who, team.slug))}
