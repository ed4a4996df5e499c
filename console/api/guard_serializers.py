"""What the API takes and gives of guards and pauses, for the schema (console.webtasks.shapes makes it)."""

from rest_framework import serializers

from console.api.serializers import Body, Text
from console.webtasks.guards import KINDS, MAX_SECRETS, TOLERANCE
from executor.contract import Guard as Contract

_LEAST, _MOST = TOLERANCE


class GuardInput(Body):
    """`secrets` are names of the webtask's secrets, for a sender's guard alone: any of them may have signed.
    Without `pinned`, that stays as it is."""

    kind = serializers.ChoiceField(KINDS)
    secrets = serializers.ListField(child=Text(max_length=200), default=list, max_length=MAX_SECRETS)
    tolerance = serializers.IntegerField(default=Contract().tolerance, min_value=_LEAST, max_value=_MOST)
    pinned = serializers.BooleanField(required=False)


class Guard(Body):
    kind = serializers.ChoiceField(KINDS)
    secrets = serializers.ListField(child=serializers.CharField())
    tolerance = serializers.IntegerField()
    pinned = serializers.BooleanField()


class Confirmed(Body):
    """Executors that have applied the change, and such as have not said so in time: theirs holds within 30 s."""

    confirmed = serializers.ListField(child=serializers.CharField())
    unconfirmed = serializers.ListField(child=serializers.CharField())
    milliseconds = serializers.FloatField()


class GuardSet(Guard, Confirmed):
    pass


class Pause(Confirmed):
    paused = serializers.BooleanField()
