from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.needs import needs
from console.accounts.roles import Action
from console.api import serializers
from console.api.views import View
from console.webtasks.actions import allow_egress
from console.webtasks.logs import calls_before
from console.webtasks.shapes import call_shape


class EgressView(View):
    @needs(Action.LOGS)
    @extend_schema(
        operation_id="list_egress_calls",
        parameters=[serializers.CallQuery],
        responses=serializers.EgressCall(many=True),
    )
    def get(self, _request: Request, team: str, name: str) -> Response:
        """Connections to other hosts, newest first, of one invocation or of all; pass the last id as `before` for more."""
        webtask = self.webtask(team, name)
        asked = self.asked(serializers.CallQuery)
        found = calls_before(
            webtask, invocation=asked["invocation"], before=asked.get("before"), limit=asked["limit"]
        )
        return Response([call_shape(call) for call in found])


class EgressRulesView(View):
    @needs(Action.CODE)
    @extend_schema(operation_id="get_egress_rules", responses=serializers.EgressRules)
    def get(self, _request: Request, team: str, name: str) -> Response:
        """Where the webtask may connect to; null is every public address."""
        return Response({"rules": self.webtask(team, name).egress})

    @needs(Action.LIMIT)
    @extend_schema(
        operation_id="set_egress_rules", request=serializers.EgressRules, responses=serializers.EgressRules
    )
    def put(self, _request: Request, team: str, name: str) -> Response:
        """Allow only these: `host:port`, where `*.` stands for every name below and `*` for any host or port."""
        webtask = self.webtask(team, name)
        sent = self.sent(serializers.EgressRules)
        return Response({"rules": allow_egress(webtask, sent["rules"], actor=self.actor).egress})
