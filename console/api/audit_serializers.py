from rest_framework import serializers

from console.api.serializers import Body


class AuditEvent(Body):
    """`text` is what follows the actor in a sentence. `before` and `after` hold what changed, never secrets' values."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    actor = serializers.CharField()
    token = serializers.CharField(allow_null=True)
    address = serializers.CharField(allow_null=True)
    action = serializers.CharField()
    object = serializers.CharField()
    text = serializers.CharField()
    before = serializers.DictField()
    after = serializers.DictField()
    detail = serializers.DictField()


class AuditExport(Body):
    """`action` is one, or what begins its name: `webtask`. Of the days, `since` is in it and `until` is not."""

    actor = serializers.CharField(required=False, max_length=254)
    action = serializers.CharField(required=False, max_length=40)
    object = serializers.CharField(required=False, max_length=254)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)
    format = serializers.ChoiceField(("jsonl", "csv"), default="jsonl")


class AuditQuery(AuditExport):
    """As for an export; `before` is the id of the last event of the page before."""

    format = None  # type: ignore[assignment]  # serializers drop an inherited field by this
    before = serializers.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    limit = serializers.IntegerField(min_value=1, max_value=200, default=100)
