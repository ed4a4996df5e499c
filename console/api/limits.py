from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.actions import limit_team
from console.accounts.models import Team
from console.accounts.needs import needs
from console.accounts.roles import Action
from console.api import serializers
from console.api.views import View
from console.webtasks.actions import limit_webtask
from console.webtasks.models import Webtask
from console.webtasks.shapes import limit_shapes


class TeamLimitsView(View):
    @needs(Action.TEAM)
    @extend_schema(operation_id="list_team_limits", responses=serializers.Limits)
    def get(self, _request: Request, team: str) -> Response:
        """The limits of all a team's code, where a webtask has none of its own."""
        return _of_team(self.team(team))

    @needs(Action.TEAM_LIMIT)
    @extend_schema(operation_id="limit_team", request=serializers.LimitsInput, responses=serializers.Limits)
    def patch(self, _request: Request, team: str) -> Response:
        """Change those named; null goes back to the default. Running workers take it over."""
        owner = self.team(team)
        return _of_team(limit_team(owner, self.sent(serializers.LimitsInput), actor=self.actor))


class WebtaskLimitsView(View):
    @needs(Action.VIEW)
    @extend_schema(operation_id="list_limits", responses=serializers.Limits)
    def get(self, _request: Request, team: str, name: str) -> Response:
        """The limits of a webtask, with what it has from its team."""
        return _of_webtask(self.webtask(team, name))

    @needs(Action.LIMIT)
    @extend_schema(
        operation_id="limit_webtask", request=serializers.LimitsInput, responses=serializers.Limits
    )
    def patch(self, _request: Request, team: str, name: str) -> Response:
        """Change those named; null goes back to what the team has. Running workers take it over."""
        webtask = self.webtask(team, name)
        return _of_webtask(limit_webtask(webtask, self.sent(serializers.LimitsInput), actor=self.actor))


def _of_team(team: Team) -> Response:
    return Response({"limits": limit_shapes(team.limits)})


def _of_webtask(webtask: Webtask) -> Response:
    return Response({"limits": limit_shapes(webtask.limits, webtask.team.limits)})
