"""What the API takes and gives of schedules, for the schema (console.schedules.shapes makes it)."""

from typing import Any

from rest_framework import serializers

from console.api.serializers import Body, Text
from console.schedules.states import CatchUp, Result, State
from executor.contract import NAME_PATTERN


class Firing(Body):
    type = serializers.ChoiceField(Result.values)
    scheduled_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    status = serializers.IntegerField(allow_null=True)
    headers = serializers.DictField(child=serializers.CharField())
    body = serializers.CharField()


class Schedule(Body):
    name = serializers.CharField()
    webtask = serializers.CharField(allow_null=True)
    schedule = serializers.CharField()
    tz = serializers.CharField()
    catch_up = serializers.ChoiceField(CatchUp.values)
    state = serializers.ChoiceField(State.values)
    meta = serializers.DictField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    next_runs = serializers.ListField(child=serializers.DateTimeField())
    run_count = serializers.IntegerField()
    error_count = serializers.IntegerField()
    last = Firing(allow_null=True)


class NewSchedule(Body):
    """Without a name it has the webtask's."""

    name = serializers.RegexField(rf"\A{NAME_PATTERN}\Z", required=False)
    schedule = Text(max_length=200)
    tz = Text(default="UTC", max_length=64)
    catch_up = serializers.ChoiceField(CatchUp.values, default=CatchUp.SKIP.value)
    state = serializers.ChoiceField(State.values, default=State.ACTIVE.value)
    meta = serializers.DictField(child=Text(allow_blank=True, max_length=1000), default=dict)


class ScheduleChanges(Body):
    schedule = Text(max_length=200, required=False)
    tz = Text(max_length=64, required=False)
    catch_up = serializers.ChoiceField(CatchUp.values, required=False)
    state = serializers.ChoiceField(State.values, required=False)
    meta = serializers.DictField(child=Text(allow_blank=True, max_length=1000), required=False)


class HistoryQuery(serializers.Serializer[Any]):
    offset = serializers.IntegerField(default=0, min_value=0)
    limit = serializers.IntegerField(default=20, min_value=1, max_value=100)
