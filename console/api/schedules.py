from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.roles import Action
from console.api import schedule_serializers as serializers
from console.api.serializers import Problem
from console.api.views import View
from console.schedules.access import access_firings, access_schedule, access_schedules
from console.schedules.actions import Plan, change_schedule, create_schedule, delete_schedule
from console.schedules.models import Schedule
from console.schedules.shapes import firing_shape, schedule_shape
from console.webtasks.access import access_webtask


class SchedulesView(View):
    @extend_schema(operation_id="list_schedules", responses=serializers.Schedule(many=True))
    def get(self, _request: Request, team: str, name: str) -> Response:
        """When the webtask runs by itself, by name."""
        webtask = access_webtask(self.user, team, name, Action.VIEW)
        return Response([schedule_shape(schedule) for schedule in access_schedules(webtask)])

    @extend_schema(
        operation_id="create_schedule",
        request=serializers.NewSchedule,
        responses={201: serializers.Schedule, 409: Problem},
    )
    def post(self, _request: Request, team: str, name: str) -> Response:
        """Have the webtask called when `schedule`, five fields of cron, comes due in the zone `tz`."""
        webtask = access_webtask(self.user, team, name, Action.SCHEDULE)
        sent = _fields(self.sent(serializers.NewSchedule))
        called = sent.pop("name", webtask.name)
        schedule = create_schedule(webtask, called, Plan(**sent), actor=self.actor)
        return Response(schedule_shape(schedule), status=201)


class ScheduleView(View):
    @extend_schema(operation_id="get_schedule", responses=serializers.Schedule)
    def get(self, _request: Request, team: str, name: str, schedule: str) -> Response:
        """A schedule with its next runs and its last one."""
        return Response(schedule_shape(self._one(team, name, schedule, Action.VIEW)))

    @extend_schema(
        operation_id="change_schedule", request=serializers.ScheduleChanges, responses=serializers.Schedule
    )
    def patch(self, _request: Request, team: str, name: str, schedule: str) -> Response:
        """Change those named. An inactive one keeps its history and is not called."""
        found = self._one(team, name, schedule, Action.SCHEDULE)
        sent = _fields(self.sent(serializers.ScheduleChanges))
        return Response(schedule_shape(change_schedule(found, sent, actor=self.actor)))

    @extend_schema(operation_id="delete_schedule", responses={204: None})
    def delete(self, _request: Request, team: str, name: str, schedule: str) -> Response:
        """Remove a schedule and its history."""
        delete_schedule(self._one(team, name, schedule, Action.SCHEDULE), actor=self.actor)
        return Response(status=204)

    def _one(self, team: str, name: str, schedule: str, action: Action) -> Schedule:
        return access_schedule(access_webtask(self.user, team, name, action), schedule)


class HistoryView(View):
    @extend_schema(
        operation_id="list_firings",
        parameters=[serializers.HistoryQuery],
        responses=serializers.Firing(many=True),
    )
    def get(self, _request: Request, team: str, name: str, schedule: str) -> Response:
        """What came of the last hundred times it was due, newest first."""
        found = access_schedule(access_webtask(self.user, team, name, Action.LOGS), schedule)
        asked = self.asked(serializers.HistoryQuery)
        offset = asked["offset"]
        return Response(
            [firing_shape(firing) for firing in access_firings(found)[offset : offset + asked["limit"]]]
        )


def _fields(sent: dict[str, Any]) -> dict[str, Any]:
    return {"cron" if name == "schedule" else name: value for name, value in sent.items()}
