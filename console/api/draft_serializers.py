from rest_framework import serializers

from console.api.serializers import Body, Text, Webtask


class Person(Body):
    """Somebody else, by the name that you are told."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class DraftSummary(Body):
    person = Person()
    own = serializers.BooleanField()
    base = serializers.IntegerField(allow_null=True)
    saved_at = serializers.DateTimeField()
    size = serializers.IntegerField()


class SavedDraft(DraftSummary):
    code = serializers.CharField()
    files = serializers.DictField(child=serializers.CharField())


class ForkInput(Body):
    """Of `version`, or of the `draft` of the person with that id; without either of what is live. Without `team` in the same."""

    name = Text(max_length=200)
    team = Text(required=False, max_length=63)
    version = serializers.IntegerField(required=False, min_value=1)
    draft = serializers.IntegerField(required=False, min_value=1)


class Left(Body):
    """Names of what the code may need and the fork does not have."""

    secrets = serializers.ListField(child=serializers.CharField())
    parameters = serializers.ListField(child=serializers.CharField())
    meta = serializers.ListField(child=serializers.CharField())


class Fork(Body):
    webtask = Webtask()
    left = Left()
