from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.needs import needs
from console.accounts.roles import Action
from console.api import serializers
from console.api.views import View
from console.webtasks.logs import lines_after
from console.webtasks.shapes import line_shape


class LogsView(View):
    @needs(Action.LOGS)
    @extend_schema(operation_id="list_logs", parameters=[serializers.LogQuery], responses=serializers.LogPage)
    def get(self, _request: Request, team: str, name: str) -> Response:
        """Log lines after `after`, oldest first; pass the last `seq` as `after` while there are `more`."""
        webtask = self.webtask(team, name)
        asked = self.asked(serializers.LogQuery)
        page = lines_after(webtask, asked["after"], asked["limit"])
        return Response({"lines": [line_shape(line) for line in page.lines], "more": page.more})
