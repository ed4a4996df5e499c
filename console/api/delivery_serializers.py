"""What the API gives of deliveries, for the schema (console.deliveries.shapes makes it)."""

from typing import Any

from rest_framework import serializers

from console.api.serializers import Body
from console.deliveries.states import State


class DeliverySummary(Body):
    ticket = serializers.CharField()
    webtask = serializers.CharField()
    method = serializers.CharField()
    state = serializers.ChoiceField(State.values)
    attempt = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    next_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    status = serializers.IntegerField(allow_null=True)
    error = serializers.CharField()


class Delivery(DeliverySummary):
    headers = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2)
    )
    body = serializers.CharField()
    body_encoding = serializers.ChoiceField(["utf-8", "base64"])
    truncated = serializers.BooleanField()
    invocation = serializers.CharField()


class DeliveryQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(State.values, required=False)
    offset = serializers.IntegerField(default=0, min_value=0)
    limit = serializers.IntegerField(default=100, min_value=1, max_value=500)
