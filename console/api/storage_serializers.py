"""What the API takes and gives of a webtask's document and secrets (console.storage.shapes makes it)."""

from typing import Any

from rest_framework import serializers

from console.api.serializers import Body, Problem, Text


class Document(Body):
    """The stored JSON text, with the etag that a replacement names."""

    data = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # a member, not the serializer's data
    etag = serializers.CharField(allow_null=True)
    bytes = serializers.IntegerField()
    limit = serializers.IntegerField()
    saved_at = serializers.DateTimeField(allow_null=True)


class DocumentInput(Body):
    data = Text()  # type: ignore[assignment]  # as above
    etag = Text(required=False, allow_null=True, max_length=64)


class DocumentQuery(serializers.Serializer[Any]):
    etag = serializers.CharField(required=False, max_length=64)


class ModifiedProblem(Problem):
    current = Document()


class Secret(Body):
    name = serializers.CharField()
    changed_at = serializers.DateTimeField()


class Secrets(Body):
    """`params` are the names of what the draft and what is live get beside them, as `fetch` has both in its `env`."""

    secrets = Secret(many=True)
    params = serializers.ListField(child=serializers.CharField())


class SecretsSet(Secrets):
    """`unredacted` names those just set whose values are too plain to be hidden in logs (docs/secrets.md)."""

    unredacted = serializers.ListField(child=serializers.CharField())


class SecretsInput(Body):
    secrets = serializers.DictField(child=Text(allow_null=True, allow_blank=True, max_length=16_384))
