from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.access import allowed
from console.accounts.needs import needs
from console.accounts.roles import Action
from console.api import serializers
from console.api.views import View
from console.webtasks.access import access_webtasks
from console.webtasks.actions import create_webtask, delete_webtask, describe_webtask
from console.webtasks.content import Content
from console.webtasks.shapes import webtask_shape, webtask_summary


class WebtasksView(View):
    @needs(Action.VIEW)
    @extend_schema(
        operation_id="list_webtasks",
        parameters=[serializers.WebtaskQuery],
        responses=serializers.WebtaskSummary(many=True),
    )
    def get(self, _request: Request, team: str) -> Response:
        """A team's webtasks by name; pass the last name as `after` for more."""
        asked = self.asked(serializers.WebtaskQuery)
        found = access_webtasks(self.who, team).filter(name__gt=asked["after"])[: asked["limit"]]
        code = Action.CODE in allowed(self.who, team)
        return Response([webtask_summary(webtask, code=code) for webtask in found])

    @needs(Action.CREATE)
    @extend_schema(
        operation_id="create_webtask",
        request=serializers.NewWebtask,
        responses={201: serializers.Webtask, 409: serializers.Problem, 413: serializers.Problem},
    )
    def post(self, _request: Request, team: str) -> Response:
        """Make a webtask. Its code starts as your draft; publish it to give it a URL that answers."""
        owner = self.team(team)
        sent = self.sent(serializers.NewWebtask)
        content = Content(code=sent["code"], files=sent.get("files", {})) if "code" in sent else None
        webtask = create_webtask(owner, sent["name"], actor=self.actor, content=content)
        return Response(webtask_shape(webtask, self.who), status=201)


class WebtaskView(View):
    @needs(Action.VIEW)
    @extend_schema(operation_id="get_webtask", responses=serializers.Webtask)
    def get(self, _request: Request, team: str, name: str) -> Response:
        """A webtask with your own draft, or with one made from the live code when you have none."""
        webtask = self.webtask(team, name)
        return Response(webtask_shape(webtask, self.who))

    @needs(Action.GUARD)
    @extend_schema(
        operation_id="describe_webtask", request=serializers.AboutInput, responses=serializers.WebtaskSummary
    )
    def patch(self, _request: Request, team: str, name: str) -> Response:
        """Say what it is for: a description of one line, and tags to find it by. Changes those named."""
        webtask = self.webtask(team, name)
        told = describe_webtask(webtask, actor=self.actor, **self.sent(serializers.AboutInput))
        return Response(webtask_summary(told, code=self.may(told, Action.CODE)))

    @needs(Action.DELETE)
    @extend_schema(operation_id="delete_webtask", responses={204: None})
    def delete(self, _request: Request, team: str, name: str) -> Response:
        """Delete a webtask with its versions, drafts, secrets, document, schedules and logs. Nothing of it comes back."""
        delete_webtask(self.webtask(team, name), actor=self.actor)
        return Response(status=204)
