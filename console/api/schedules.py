from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from console.accounts.needs import needs
from console.accounts.roles import Action
from console.api import schedule_serializers as serializers
from console.api.serializers import Problem
from console.api.views import View
from console.schedules.access import access_firings, access_schedule, access_schedules
from console.schedules.actions import Plan, change_schedule, create_schedule, delete_schedule
from console.schedules.models import Schedule
from console.schedules.shapes import firing_shape, schedule_shape


class SchedulesView(View):
    @needs(Action.VIEW)
    @extend_schema(operation_id="list_schedules", responses=serializers.Schedule(many=True))
    def get(self, _request: Request, team: str, name: str) -> Response:
        """When the webtask runs by itself, by name."""
        webtask = self.webtask(team, name)
        logs = self.may(webtask, Action.LOGS)
        return Response([schedule_shape(schedule, logs=logs) for schedule in access_schedules(webtask)])

    @needs(Action.SCHEDULE)
    @extend_schema(
        operation_id="create_schedule",
        request=serializers.NewSchedule,
        responses={201: serializers.Schedule, 409: Problem},
    )
    def post(self, _request: Request, team: str, name: str) -> Response:
        """Have the webtask called when `schedule`, five fields of cron, comes due in the zone `tz`."""
        webtask = self.webtask(team, name)
        sent = _fields(self.sent(serializers.NewSchedule))
        called = sent.pop("name", webtask.name)
        schedule = create_schedule(webtask, called, Plan(**sent), actor=self.actor)
        return Response(schedule_shape(schedule, logs=self.may(webtask, Action.LOGS)), status=201)


class ScheduleView(View):
    @needs(Action.VIEW)
    @extend_schema(operation_id="get_schedule", responses=serializers.Schedule)
    def get(self, _request: Request, team: str, name: str, schedule: str) -> Response:
        """A schedule with its next runs and its last one."""
        return self._told(self._one(team, name, schedule))

    @needs(Action.SCHEDULE)
    @extend_schema(
        operation_id="change_schedule", request=serializers.ScheduleChanges, responses=serializers.Schedule
    )
    def patch(self, _request: Request, team: str, name: str, schedule: str) -> Response:
        """Change those named. An inactive one keeps its history and is not called."""
        found = self._one(team, name, schedule)
        sent = _fields(self.sent(serializers.ScheduleChanges))
        return self._told(change_schedule(found, sent, actor=self.actor))

    @needs(Action.SCHEDULE)
    @extend_schema(operation_id="delete_schedule", responses={204: None})
    def delete(self, _request: Request, team: str, name: str, schedule: str) -> Response:
        """Remove a schedule and its history."""
        delete_schedule(self._one(team, name, schedule), actor=self.actor)
        return Response(status=204)

    def _told(self, schedule: Schedule) -> Response:
        assert schedule.webtask is not None  # it was found as this webtask's
        return Response(schedule_shape(schedule, logs=self.may(schedule.webtask, Action.LOGS)))

    def _one(self, team: str, name: str, schedule: str) -> Schedule:
        return access_schedule(self.webtask(team, name), schedule)


class HistoryView(View):
    @needs(Action.LOGS)
    @extend_schema(
        operation_id="list_firings",
        parameters=[serializers.HistoryQuery],
        responses=serializers.Firing(many=True),
    )
    def get(self, _request: Request, team: str, name: str, schedule: str) -> Response:
        """What came of the last hundred times it was due, newest first."""
        found = access_schedule(self.webtask(team, name), schedule)
        asked = self.asked(serializers.HistoryQuery)
        offset = asked["offset"]
        return Response(
            [firing_shape(firing) for firing in access_firings(found)[offset : offset + asked["limit"]]]
        )


def _fields(sent: dict[str, Any]) -> dict[str, Any]:
    return {"cron" if name == "schedule" else name: value for name, value in sent.items()}
