from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from console.accounts.models import Kind
from console.accounts.roles import TOGETHER, Action
from console.accounts.terms import MAX_DEPTH, METHODS, MOST_RATE, RATES
from console.api.serializers import Body, Text
from executor.contract import NAME_PATTERN

_MOST_NAMES = 100


class Rates(Body):
    """Requests in a period; a period that is not named has no bound."""

    def get_fields(self) -> dict[str, Any]:
        return {
            period: serializers.IntegerField(min_value=1, max_value=MOST_RATE, required=False)
            for period in RATES
        }


class Token(Body):
    """`scopes`, `webtasks` and `methods` that are null do not narrow it. `depth` generations may descend from it."""

    jti = serializers.CharField()
    kind = serializers.ChoiceField(Kind.choices)
    name = serializers.CharField()
    author = serializers.CharField(allow_null=True)
    issuer = serializers.CharField(allow_null=True)
    scopes = serializers.ListField(child=serializers.CharField(), allow_null=True)
    webtasks = serializers.ListField(child=serializers.CharField(), allow_null=True)
    methods = serializers.ListField(child=serializers.CharField(), allow_null=True)
    rates = Rates()
    depth = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class IssuedToken(Token):
    secret = serializers.CharField()


class NewToken(Body):
    """What is left out is as wide as you may go: all your role allows, all webtasks, all methods, no bound, no end."""

    kind = serializers.ChoiceField(Kind.choices, default=Kind.API)
    name = Text(max_length=100)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(Action.choices),
        allow_empty=False,
        required=False,
        max_length=len(Action),
        help_text=TOGETHER,
    )
    webtasks = serializers.ListField(
        child=serializers.RegexField(rf"\A{NAME_PATTERN}\Z"),
        allow_empty=False,
        required=False,
        max_length=_MOST_NAMES,
    )
    methods = serializers.ListField(
        child=serializers.ChoiceField(METHODS), allow_empty=False, required=False, max_length=len(METHODS)
    )
    rates = Rates(required=False)
    expires_at = serializers.DateTimeField(required=False)
    depth = serializers.IntegerField(min_value=0, max_value=MAX_DEPTH, default=0)

    def validate_expires_at(self, ends: datetime) -> datetime:
        if ends <= timezone.now():
            raise serializers.ValidationError("That is over already.")
        return ends


class TokenQuery(Body):
    """`before` is the jti of the last token of the page before."""

    before = serializers.CharField(required=False, max_length=32)
    limit = serializers.IntegerField(min_value=1, max_value=200, default=100)
