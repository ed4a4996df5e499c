"""What the API gives of the nodes, for the schema (console.webtasks.nodes makes it)."""

from rest_framework import serializers

from console.api.serializers import Body


class Layer(Body):
    name = serializers.CharField()
    state = serializers.ChoiceField(["active", "weaker", "missing"])
    keeps = serializers.CharField()
    reason = serializers.CharField()
    remedy = serializers.CharField()
    accepted = serializers.BooleanField()


class RuntimeCalls(Body):
    name = serializers.CharField()
    version = serializers.CharField()
    allowed = serializers.IntegerField()
    checked = serializers.IntegerField()
    total = serializers.IntegerField()
    refused = serializers.IntegerField()
    deadly = serializers.IntegerField()
    trouble = serializers.CharField()


class Fact(Body):
    name = serializers.CharField()
    value = serializers.CharField()


class Isolation(Body):
    mode = serializers.CharField()
    serves = serializers.BooleanField()
    layers = Layer(many=True)
    runtimes = RuntimeCalls(many=True)
    kernel = Fact(many=True)


class Executor(Body):
    id = serializers.IntegerField()
    name = serializers.CharField()
    online = serializers.BooleanField()
    ready = serializers.BooleanField()
    probed_at = serializers.DateTimeField(allow_null=True)
    isolation = Isolation(allow_null=True)


class AttackRun(Body):
    run = serializers.CharField()
    executor = serializers.IntegerField()
    starter = serializers.CharField()
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    error = serializers.CharField()
    passed = serializers.IntegerField()
    failed = serializers.IntegerField()


class AttackResult(Body):
    name = serializers.CharField()
    language = serializers.CharField()
    group = serializers.CharField()
    expected = serializers.CharField()
    outcome = serializers.CharField()
    passed = serializers.BooleanField()
    ms = serializers.FloatField()
    detail = serializers.CharField()


class AttackResults(AttackRun):
    results = AttackResult(many=True)


class SecurityEvent(Body):
    id = serializers.IntegerField()
    executor = serializers.CharField()
    team = serializers.CharField()
    webtask = serializers.CharField(allow_null=True)
    label = serializers.CharField()  # type: ignore[assignment]  # a member, not the field's own label
    invocation = serializers.CharField()
    time = serializers.DateTimeField()
    kind = serializers.CharField()
    what = serializers.CharField()
    text = serializers.CharField()
