from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.roles import Action
from console.api import serializers
from console.api.views import View
from console.modules.actions import prepare_draft
from console.webtasks.access import access_webtask
from console.webtasks.runs import Call, run


class RunView(View):
    @extend_schema(
        operation_id="run_draft",
        request=serializers.RunInput,
        responses={200: serializers.RunResult, 422: serializers.Problem, 502: serializers.Problem},
    )
    def post(self, _request: Request, team: str, name: str) -> Response:
        """Call your saved draft (the live version when you have none) as its URL would, and see what came back."""
        webtask = access_webtask(self.user, team, name, Action.RUN)
        sent = self.sent(serializers.RunInput)
        prepare_draft(webtask, self.user)
        return Response(asdict(run(webtask, self.user, Call(**sent))))
