from dataclasses import replace
from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.needs import needs
from console.accounts.roles import Action
from console.api.serializers import Body, Problem
from console.api.storage_serializers import Secret
from console.api.views import View
from console.modules import wanted
from console.modules.access import dependencies_of
from console.problems import Invalid
from console.webtasks.access import access_secrets, access_version, draft_of
from console.webtasks.content import Content
from console.webtasks.differences import between, params_between, settings_between
from console.webtasks.models import Version, Webtask
from console.webtasks.shapes import secret_shape

_HIGHEST = 2**31 - 1


class ChangesQuery(serializers.Serializer[Any]):
    """Without `version` it is your draft that is compared, without `against` what is live."""

    version = serializers.IntegerField(required=False, min_value=1, max_value=_HIGHEST)
    against = serializers.IntegerField(required=False, min_value=1, max_value=_HIGHEST)


class Difference(Body):
    name = serializers.CharField()
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)


class Changes(Body):
    """`params` are names alone. `secrets` were last set after `against` was published, and before `version` was: they are no
    part of a version, and code of every version gets those of today."""

    modules = Difference(many=True)
    settings = Difference(many=True)
    params = serializers.ListField(child=serializers.CharField())
    secrets = Secret(many=True)


class ChangesView(View):
    @needs(Action.CODE)
    @extend_schema(
        operation_id="list_changes",
        parameters=[ChangesQuery],
        responses={200: Changes, 404: Problem},
    )
    def get(self, _request: Request, team: str, name: str) -> Response:
        """What differs besides the text between two versions, or between one and your draft."""
        webtask = self.webtask(team, name)
        asked = self.asked(ChangesQuery)
        older = access_version(webtask, asked["against"]) if "against" in asked else webtask.live
        newer = access_version(webtask, asked["version"]) if "version" in asked else None
        before = Content.of(older) if older else Content()
        after = Content.of(newer) if newer else self._draft(webtask)
        return Response(
            {
                "modules": between(_modules(before), _modules(after) if newer else _staged(webtask)),
                "settings": settings_between(before, after),
                "params": params_between(before, after),
                "secrets": _secrets(webtask, older, newer),
            }
        )

    def _draft(self, webtask: Webtask) -> Content:
        """As it would be published."""
        draft = draft_of(webtask, self.user)
        if draft.saved:
            return Content.of_draft(draft.saved, webtask.live)
        live = Content.of(webtask.live) if webtask.live else Content()
        return replace(live, code=draft.code, files=draft.files)


def _modules(content: Content) -> dict[str, str]:
    try:
        return wanted.parse(content.meta)
    except Invalid:
        return {}  # what a client wrote there; the settings show it


def _staged(webtask: Webtask) -> dict[str, str]:
    try:
        return dependencies_of(webtask)
    except Invalid:
        return {}


def _secrets(webtask: Webtask, older: Version | None, newer: Version | None) -> list[Any]:
    def counts(moment: datetime) -> bool:
        return (older is None or moment > older.created_at) and (newer is None or moment <= newer.created_at)

    return [secret_shape(row) for row in access_secrets(webtask) if counts(row.changed_at)]
