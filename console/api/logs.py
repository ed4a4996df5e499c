from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.roles import Action
from console.api import serializers
from console.api.views import View
from console.webtasks.access import access_webtask
from console.webtasks.logs import lines_after
from console.webtasks.shapes import line_shape


class LogsView(View):
    @extend_schema(operation_id="list_logs", parameters=[serializers.LogQuery], responses=serializers.LogPage)
    def get(self, _request: Request, team: str, name: str) -> Response:
        """Log lines after `after`, oldest first; pass the last `seq` as `after` while there are `more`."""
        webtask = access_webtask(self.user, team, name, Action.LOGS)
        asked = self.asked(serializers.LogQuery)
        page = lines_after(webtask, asked["after"], asked["limit"])
        return Response({"lines": [line_shape(line) for line in page.lines], "more": page.more})
