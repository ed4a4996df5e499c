from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.needs import needs
from console.accounts.roles import Action
from console.api import serializers
from console.api.views import View
from console.webtasks.access import access_version, access_versions
from console.webtasks.actions import restore_version
from console.webtasks.shapes import version_summary
from console.webtasks.steps import Publication


class VersionsView(View):
    @needs(Action.CODE)
    @extend_schema(
        operation_id="list_versions",
        parameters=[serializers.VersionQuery],
        responses=serializers.VersionSummary(many=True),
    )
    def get(self, _request: Request, team: str, name: str) -> Response:
        """What was published, newest first; pass the last number as `before` for more."""
        webtask = self.webtask(team, name)
        asked = self.asked(serializers.VersionQuery)
        found = access_versions(webtask, before=asked.get("before"))[: asked["limit"]]
        return Response([version_summary(version, live=version.pk == webtask.live_id) for version in found])


class VersionView(View):
    @needs(Action.CODE)
    @extend_schema(operation_id="get_version", responses=serializers.Version)
    def get(self, _request: Request, team: str, name: str, number: int) -> Response:
        webtask = self.webtask(team, name)
        version = access_version(webtask, number)
        summary = version_summary(version, live=version.pk == webtask.live_id)
        return Response({**summary, "code": version.code, "files": version.files})


class RestoreView(View):
    @needs(Action.RESTORE)
    @extend_schema(
        operation_id="restore_version",
        request=serializers.RestoreInput,
        responses={201: serializers.Publication},
    )
    def post(self, _request: Request, team: str, name: str, number: int) -> Response:
        """Publish an older version again, as a new version with its code."""
        webtask = self.webtask(team, name)
        version = access_version(webtask, number)
        sent = self.sent(serializers.RestoreInput)
        return publication(restore_version(webtask, version, actor=self.actor, message=sent["message"]))


def publication(published: Publication) -> Response:
    change = published.change
    return Response(
        {
            "version": version_summary(published.version, live=True),
            "confirmed": change.confirmed,
            "unconfirmed": change.unconfirmed,
            "milliseconds": change.milliseconds,
        },
        status=201,
    )
