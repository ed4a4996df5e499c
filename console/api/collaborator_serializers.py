from typing import Any

from rest_framework import serializers

from console.accounts.roles import TOGETHER, Right
from console.api.serializers import Body, Text


class Collaborator(Body):
    """`email` or `team` says to whom, the other is null."""

    number = serializers.IntegerField()
    email = serializers.EmailField(allow_null=True)
    team = serializers.CharField(allow_null=True)
    rights = serializers.ListField(child=serializers.ChoiceField(Right.choices))
    created_at = serializers.DateTimeField()


class NewCollaborator(Body):
    """To whoever signs in with `email`, or to the members of `team`, each no further than their role there."""

    email = serializers.EmailField(required=False)
    team = Text(required=False, max_length=63)
    rights = serializers.ListField(
        child=serializers.ChoiceField(Right.choices),
        allow_empty=False,
        max_length=len(Right),
        help_text=TOGETHER,
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("email" in attrs) == ("team" in attrs):
            raise serializers.ValidationError("Name one of email and team.")
        return attrs
