from rest_framework import serializers

from console.accounts.access_invitations import State
from console.accounts.invitations import MOST_USES
from console.accounts.roles import Role
from console.api.serializers import Body, Text

# Owners are made by transferring the team.
GIVEN = [(role.value, role.label) for role in Role if role != Role.OWNER]


class Member(Body):
    number = serializers.IntegerField()
    email = serializers.EmailField()
    name = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)
    joined_at = serializers.DateTimeField()


class MemberChanges(Body):
    """`revoke_tokens`: all that they issued for this team; otherwise their API tokens follow the role, and webtask tokens that
    they issued stay the team's, as wide as they are."""

    role = serializers.ChoiceField(GIVEN)
    revoke_tokens = serializers.BooleanField(default=False)


class RemovalQuery(Body):
    """`revoke_tokens`: of theirs, too, for this team; otherwise webtask tokens that they issued stay the team's."""

    revoke_tokens = serializers.BooleanField(default=False)


class Invitation(Body):
    """`email` is null for a link that anybody may use. An invitation that is `void` holds no longer because its author may
    no longer invite as much. `accepted_by` and `accepted_at` tell of its last use."""

    number = serializers.IntegerField()
    email = serializers.EmailField(allow_null=True)
    role = serializers.ChoiceField(Role.choices)
    author = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(State.choices)
    uses = serializers.IntegerField()
    most_uses = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    accepted_by = serializers.CharField(allow_null=True)


class IssuedInvitation(Invitation):
    """`url` leads whoever is invited to the page to accept; `secret` is its last part."""

    secret = serializers.CharField()
    url = serializers.URLField()


class NewInvitation(Body):
    """With `email`, a letter goes there and only who proves to have that address can accept; without, whoever has the
    link, `most_uses` times. It ends after seven days when `expires_at` does not say otherwise."""

    email = serializers.EmailField(required=False, max_length=254)
    role = serializers.ChoiceField(GIVEN)
    expires_at = serializers.DateTimeField(required=False)
    most_uses = serializers.IntegerField(min_value=1, max_value=MOST_USES, default=1)


class Acceptance(Body):
    secret = Text(max_length=200)


class Membership(Body):
    """What whoever accepted is now."""

    team = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)
