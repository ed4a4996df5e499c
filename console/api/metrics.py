from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.needs import needs
from console.accounts.roles import Action
from console.api import serializers
from console.api.views import View
from console.webtasks.metrics import metrics


class MetricsView(View):
    @needs(Action.LOGS)
    @extend_schema(
        operation_id="get_metrics", parameters=[serializers.MetricsQuery], responses=serializers.Metrics
    )
    def get(self, _request: Request, team: str, name: str) -> Response:
        """How many requests, how many failed and how long they took, by minute and in total."""
        webtask = self.webtask(team, name)
        return Response(metrics(webtask, self.asked(serializers.MetricsQuery)["minutes"]))
