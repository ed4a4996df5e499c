"""What the API takes, checked; and what it gives, for the schema (console.webtasks.shapes makes it)."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from console.accounts.roles import Action
from console.webtasks.guards import KINDS
from executor.limits import SETTABLE


class Body(serializers.Serializer[Any]):
    """Base of all: a body with an unknown member is a mistake worth telling."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := set(data) - set(self.fields)):
            raise serializers.ValidationError({name: ["Unknown member."] for name in sorted(unknown)})
        return super().to_internal_value(data)


class VersionSummary(Body):
    number = serializers.IntegerField()
    digest = serializers.CharField()
    author = serializers.CharField(allow_null=True)
    message = serializers.CharField()
    created_at = serializers.DateTimeField()
    live = serializers.BooleanField()
    restored_from = serializers.IntegerField(allow_null=True)


class Version(VersionSummary):
    code = serializers.CharField()
    files = serializers.DictField(child=serializers.CharField())


class Draft(Body):
    code = serializers.CharField()
    files = serializers.DictField(child=serializers.CharField())
    base = serializers.IntegerField(allow_null=True)
    etag = serializers.CharField()
    saved_at = serializers.DateTimeField(allow_null=True)


class WebtaskSummary(Body):
    team = serializers.CharField()
    name = serializers.CharField()
    url = serializers.URLField()
    run_url = serializers.URLField()
    description = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    live = VersionSummary(allow_null=True)
    guard = serializers.ChoiceField(KINDS)
    paused = serializers.BooleanField()
    pinned = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class Webtask(WebtaskSummary):
    """`draft` is null for whoever may not see code; `allowed` is all that you may do with it."""

    draft = Draft(allow_null=True)
    allowed = serializers.ListField(child=serializers.ChoiceField(Action.choices))


class Text(serializers.CharField):
    """As it was written: not trimmed, and a number is not text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Files(serializers.DictField):
    """By path, beside the code, which loads them by relative requests."""

    child = Text(allow_blank=True)


class NewWebtask(Body):
    name = Text(max_length=200)
    code = Text(required=False, allow_blank=True)
    files = Files(required=False)


class AboutInput(Body):
    """`description` is one line, of 200 characters at most; of `tags` there are up to 10, each of 1 to 30 of a-z, 0-9 and -."""

    description = Text(required=False, allow_blank=True)
    tags = serializers.ListField(child=Text(allow_blank=True), required=False)


class DraftInput(Body):
    """Without `files`, the draft keeps those that it has."""

    code = Text(allow_blank=True)
    files = Files(required=False)
    base = serializers.IntegerField(allow_null=True, min_value=1)


class PublishInput(Body):
    message = Text(default="", allow_blank=True, max_length=500)
    etag = Text(allow_blank=True, max_length=64)
    force = serializers.BooleanField(default=False)


class RestoreInput(Body):
    message = Text(default="", allow_blank=True, max_length=500)


class Publication(Body):
    version = VersionSummary()
    confirmed = serializers.ListField(child=serializers.CharField())
    unconfirmed = serializers.ListField(child=serializers.CharField())
    milliseconds = serializers.FloatField()


class RunInput(Body):
    method = serializers.RegexField(r"\A[A-Z]{1,16}\Z", default="GET")
    path = serializers.RegexField(r"\A([/?][!-~]*)?\Z", default="", allow_blank=True, max_length=8_192)
    headers = serializers.ListField(
        child=serializers.ListField(
            child=Text(allow_blank=True, max_length=16_384), min_length=2, max_length=2
        ),
        default=list,
        max_length=100,
    )
    body = Text(default="", allow_blank=True)
    version = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**31 - 1)


class RunTiming(Body):
    """Milliseconds until the answer began, by the executor's clock."""

    ask = serializers.FloatField()
    queue = serializers.FloatField()
    start = serializers.FloatField()
    run = serializers.FloatField()


class RunResult(Body):
    status = serializers.IntegerField()
    reason = serializers.CharField()
    headers = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2)
    )
    body = serializers.CharField()
    body_encoding = serializers.ChoiceField(["utf-8", "base64"])
    truncated = serializers.BooleanField()
    milliseconds = serializers.FloatField()
    invocation = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member, not the field's own label
    source = serializers.CharField()  # type: ignore[assignment]  # as above
    timing = RunTiming(allow_null=True)


class LogLine(Body):
    seq = serializers.IntegerField()
    time = serializers.DateTimeField()
    level = serializers.ChoiceField(["debug", "info", "warn", "error"])
    invocation = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member, not the field's own label
    text = serializers.CharField()


class LogPage(Body):
    lines = LogLine(many=True)
    more = serializers.BooleanField()


class Limit(Body):
    name = serializers.CharField()
    title = serializers.CharField()
    unit = serializers.CharField()
    per = serializers.CharField()
    help = serializers.CharField()
    caller = serializers.CharField()
    lowest = serializers.IntegerField()
    ceiling = serializers.IntegerField()
    default = serializers.IntegerField()
    inherited = serializers.IntegerField()
    own = serializers.IntegerField(allow_null=True)
    value = serializers.IntegerField()


class Limits(Body):
    limits = Limit(many=True)


class LimitsInput(Body):
    """One member for each row of the table that can be set."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # Without their help texts: a better word in the table is no change of the API.
        return {name: serializers.IntegerField(allow_null=True, required=False) for name in SETTABLE}


class EgressRules(Body):
    rules = serializers.ListField(child=Text(max_length=300), allow_null=True)


class EgressCall(Body):
    id = serializers.IntegerField()
    time = serializers.DateTimeField()
    ms = serializers.FloatField()
    invocation = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member, not the field's own label
    host = serializers.CharField()
    port = serializers.IntegerField()
    address = serializers.CharField()
    sent = serializers.IntegerField()
    received = serializers.IntegerField()
    verdict = serializers.CharField()


class CallQuery(serializers.Serializer[Any]):
    invocation = serializers.CharField(default="", allow_blank=True, max_length=40)
    before = serializers.IntegerField(required=False, min_value=1)
    limit = serializers.IntegerField(default=100, min_value=1, max_value=500)


class Figures(Body):
    time = serializers.DateTimeField()
    requests = serializers.IntegerField()
    thinned = serializers.IntegerField()
    statuses = serializers.DictField(child=serializers.IntegerField())
    error_share = serializers.FloatField()
    mean_ms = serializers.FloatField(allow_null=True)
    p50_ms = serializers.FloatField(allow_null=True)
    p99_ms = serializers.FloatField(allow_null=True)
    max_ms = serializers.FloatField(allow_null=True)


class Metrics(Body):
    total = Figures()
    minutes = Figures(many=True)


class MetricsQuery(serializers.Serializer[Any]):
    minutes = serializers.IntegerField(default=60, min_value=1, max_value=1440)


class LogQuery(serializers.Serializer[Any]):
    after = serializers.IntegerField(default=0, min_value=0)
    limit = serializers.IntegerField(default=200, min_value=1, max_value=1000)


class VersionQuery(serializers.Serializer[Any]):
    before = serializers.IntegerField(required=False, min_value=1)
    limit = serializers.IntegerField(default=100, min_value=1, max_value=500)


class WebtaskQuery(serializers.Serializer[Any]):
    after = serializers.CharField(default="", allow_blank=True)
    limit = serializers.IntegerField(default=200, min_value=1, max_value=500)


class Problem(Body):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    id = serializers.CharField()


class StaleProblem(Problem):
    current = Draft()


class OvertakenProblem(Problem):
    """`live` is what was published meanwhile; it is missing where there is nothing to publish."""

    live = VersionSummary(allow_null=True, required=False)
