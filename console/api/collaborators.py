from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.names import team_named
from console.accounts.needs import Beyond, needs
from console.accounts.roles import Action
from console.api import collaborator_serializers as serializers
from console.api.serializers import WebtaskSummary
from console.api.views import View
from console.problems import Invalid
from console.webtasks.access import access_collaborator, access_collaborators, access_shared
from console.webtasks.actions import share, unshare
from console.webtasks.models import Collaborator, Webtask
from console.webtasks.shapes import collaborator_shape, webtask_summary

# Of one answer.
MOST = 500


class SharedView(View):
    @needs(Beyond.SELF)
    @extend_schema(operation_id="list_shared", responses=WebtaskSummary(many=True))
    def get(self, _request: Request) -> Response:
        """Webtasks of other teams that are shared with you, or with a team of yours."""
        return Response([webtask_summary(webtask) for webtask in access_shared(self.who)[:MOST]])


class CollaboratorsView(View):
    @needs(Action.SHARE)
    @extend_schema(operation_id="list_collaborators", responses=serializers.Collaborator(many=True))
    def get(self, _request: Request, team: str, name: str) -> Response:
        """Whom outside the team this webtask is shared with."""
        webtask = self.webtask(team, name)
        return Response([collaborator_shape(collaborator) for collaborator in access_collaborators(webtask)])

    @needs(Action.SHARE)
    @extend_schema(
        operation_id="share_webtask",
        request=serializers.NewCollaborator,
        responses={201: serializers.Collaborator},
    )
    def post(self, _request: Request, team: str, name: str) -> Response:
        """Share this webtask, and nothing else of the team, with a person or a team; in place of what they had of it."""
        webtask = self.webtask(team, name)
        sent = self.sent(serializers.NewCollaborator)
        collaborator = share(_wanted(sent, webtask), actor=self.actor)
        return Response(collaborator_shape(collaborator), status=201)


class CollaboratorView(View):
    @needs(Action.SHARE)
    @extend_schema(operation_id="unshare_webtask", responses={204: None})
    def delete(self, _request: Request, team: str, name: str, number: int) -> Response:
        """Take back what was shared. Open pages of theirs end at once."""
        webtask = self.webtask(team, name)
        unshare(access_collaborator(webtask, number), actor=self.actor)
        return Response(status=204)


def _wanted(sent: dict[str, Any], webtask: Webtask) -> Collaborator:
    """Raises Invalid."""
    if "email" in sent:
        return Collaborator(webtask=webtask, email=sent["email"].lower(), rights=sent["rights"])
    team = team_named(sent["team"])
    if team is None:
        raise Invalid(f"There is no team “{sent['team']}” to share with.", field="team")
    return Collaborator(webtask=webtask, to_team=team, rights=sent["rights"])
