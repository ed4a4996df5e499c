from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.needs import needs
from console.accounts.roles import Action
from console.api.serializers import Body
from console.api.views import View
from console.webtasks.share_pages import link_of, make_link, take_link_back


class SharePage(Body):
    """`url` shows the live code to everybody who has it; null when there is none."""

    url = serializers.URLField(allow_null=True)


class SharePageView(View):
    @needs(Action.SHARE)
    @extend_schema(operation_id="get_share_page", responses=SharePage)
    def get(self, _request: Request, team: str, name: str) -> Response:
        """The link by which everybody sees the webtask's live code, if somebody made one."""
        return Response({"url": link_of(self.webtask(team, name))})

    @needs(Action.SHARE)
    @extend_schema(operation_id="make_share_page", request=None, responses={201: SharePage})
    def post(self, _request: Request, team: str, name: str) -> Response:
        """Make a link by which everybody sees the live code. One that was there before leads nowhere from then on."""
        return Response({"url": make_link(self.webtask(team, name), actor=self.actor)}, status=201)

    @needs(Action.SHARE)
    @extend_schema(operation_id="take_share_page_back", responses={204: None})
    def delete(self, _request: Request, team: str, name: str) -> Response:
        """The link leads nowhere from now on."""
        take_link_back(self.webtask(team, name), actor=self.actor)
        return Response(status=204)
