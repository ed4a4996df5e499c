from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.access import access_team
from console.accounts.roles import Action
from console.api import serializers
from console.api.views import View
from console.webtasks.access import access_webtask, access_webtasks, draft_of
from console.webtasks.actions import create_webtask, delete_webtask
from console.webtasks.shapes import webtask_shape, webtask_summary


class WebtasksView(View):
    @extend_schema(
        operation_id="list_webtasks",
        parameters=[serializers.WebtaskQuery],
        responses=serializers.WebtaskSummary(many=True),
    )
    def get(self, _request: Request, team: str) -> Response:
        """A team's webtasks by name; pass the last name as `after` for more."""
        asked = self.asked(serializers.WebtaskQuery)
        found = access_webtasks(self.user, team).filter(name__gt=asked["after"])[: asked["limit"]]
        return Response([webtask_summary(webtask) for webtask in found])

    @extend_schema(
        operation_id="create_webtask",
        request=serializers.NewWebtask,
        responses={201: serializers.Webtask, 409: serializers.Problem, 413: serializers.Problem},
    )
    def post(self, _request: Request, team: str) -> Response:
        """Make a webtask. Its code starts as your draft; publish it to give it a URL that answers."""
        owner = access_team(self.user, team, Action.CREATE)
        sent = self.sent(serializers.NewWebtask)
        webtask = create_webtask(owner, sent["name"], actor=self.actor, code=sent.get("code"))
        return Response(webtask_shape(webtask, draft_of(webtask, self.user)), status=201)


class WebtaskView(View):
    @extend_schema(operation_id="get_webtask", responses=serializers.Webtask)
    def get(self, _request: Request, team: str, name: str) -> Response:
        """A webtask with your own draft, or with one made from the live code when you have none."""
        webtask = access_webtask(self.user, team, name, Action.VIEW)
        return Response(webtask_shape(webtask, draft_of(webtask, self.user)))

    @extend_schema(operation_id="delete_webtask", responses={204: None})
    def delete(self, _request: Request, team: str, name: str) -> Response:
        """Delete a webtask with its versions, drafts, secrets, document, schedules and logs. Nothing of it comes back."""
        delete_webtask(access_webtask(self.user, team, name, Action.DELETE), actor=self.actor)
        return Response(status=204)
