from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.needs import Beyond, needs
from console.accounts.roles import Action
from console.api import delivery_serializers as serializers
from console.api.serializers import Problem
from console.api.views import View
from console.deliveries.access import access_deliveries, access_delivery, by_ticket
from console.deliveries.actions import replay
from console.deliveries.shapes import delivery_shape, summary
from console.deliveries.states import WAITING


class DeliveriesView(View):
    @needs(Action.LOGS)
    @extend_schema(
        operation_id="list_deliveries",
        parameters=[serializers.DeliveryQuery],
        responses=serializers.DeliverySummary(many=True),
    )
    def get(self, _request: Request, team: str, name: str) -> Response:
        """Requests whose callers do not wait, newest first; `state=dead` are those that came to nothing."""
        webtask = self.webtask(team, name)
        asked = self.asked(serializers.DeliveryQuery)
        found = access_deliveries(webtask).defer("body", "answer_body")
        found = found.filter(state=asked["state"]) if "state" in asked else found
        return Response([summary(one) for one in found[asked["offset"] : asked["offset"] + asked["limit"]]])


class DeliveryView(View):
    @needs(Action.LOGS)
    @extend_schema(operation_id="get_delivery", responses=serializers.Delivery)
    def get(self, _request: Request, team: str, name: str, ticket: str) -> Response:
        """One, with the last answer."""
        webtask = self.webtask(team, name)
        return Response(delivery_shape(access_delivery(webtask, ticket)))


class ReplayView(View):
    @needs(Action.RUN)
    @extend_schema(
        operation_id="replay_delivery",
        request=None,
        responses={202: serializers.DeliverySummary, 409: Problem},
    )
    def post(self, _request: Request, team: str, name: str, ticket: str) -> Response:
        """Try a dead one anew."""
        delivery = access_delivery(self.webtask(team, name), ticket)
        return Response(summary(replay(delivery, actor=self.actor)), status=202)


class TicketView(View):
    """For the caller, who has no account: the URL is the leave."""

    authentication_classes = []
    permission_classes = []

    @needs(Beyond.ANYONE)
    @extend_schema(operation_id="get_delivery_by_ticket", responses=serializers.Delivery)
    def get(self, _request: Request, ticket: str) -> Response:
        """What became of a request that was answered with 202, and the webtask's answer when there is one."""
        delivery = by_ticket(ticket)
        answer = Response(delivery_shape(delivery), headers={"Access-Control-Allow-Origin": "*"})
        if delivery.state in WAITING:
            answer["Retry-After"] = "1"
        return answer
