from typing import Any

from rest_framework import serializers

from console.accounts.roles import Action, Role
from console.api.serializers import Body, Text


class TeamSummary(Body):
    slug = serializers.CharField()
    name = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)
    created_at = serializers.DateTimeField()


class Team(TeamSummary):
    """`former_names` lead to it too; `allowed` is all that you may do."""

    former_names = serializers.ListField(child=serializers.CharField())
    allowed = serializers.ListField(child=serializers.ChoiceField(Action.choices))


class NewTeam(Body):
    """`slug` is its name in every URL; `name`, for people to read, is the same when it is left out."""

    slug = Text(max_length=63)
    name = Text(max_length=100, required=False)


class TeamNames(Body):
    """What is left out stays as it is."""

    slug = Text(max_length=63, required=False)
    name = Text(max_length=100, required=False)


class Heir(Body):
    """The member who becomes the owner."""

    email = serializers.EmailField()


class Confirmation(serializers.Serializer[Any]):
    """The slug of the team once more: whoever deletes it means it."""

    slug = serializers.CharField(max_length=63)
