from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.needs import needs
from console.accounts.roles import Action
from console.api import serializers
from console.api.views import View
from console.modules.actions import prepare_draft
from console.webtasks.access import access_version
from console.webtasks.runs import Call, run


class RunView(View):
    @needs(Action.RUN)
    @extend_schema(
        operation_id="run_draft",
        request=serializers.RunInput,
        responses={
            200: serializers.RunResult,
            404: serializers.Problem,
            422: serializers.Problem,
            502: serializers.Problem,
        },
    )
    def post(self, _request: Request, team: str, name: str) -> Response:
        """Call your saved draft, or the version that you name, as its URL would, and see what came back.

        Without a draft it is the live version.
        """
        webtask = self.webtask(team, name)
        sent = self.sent(serializers.RunInput)
        number = sent.pop("version", None)
        version = access_version(webtask, number) if number else None
        if version is None:
            prepare_draft(webtask, self.user)
        return Response(asdict(run(webtask, self.user, Call(**sent), version=version)))
