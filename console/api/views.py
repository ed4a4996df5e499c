"""The base of the API's views: who asks, and what they sent, checked."""

from typing import Any

from rest_framework.exceptions import NotAuthenticated
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from console.accounts.audit import Actor
from console.accounts.models import User


class View(APIView):
    @property
    def user(self) -> User:
        if not isinstance(self.request.user, User):
            raise NotAuthenticated
        return self.request.user

    @property
    def actor(self) -> Actor:
        return Actor.of(self.request)

    def sent(self, serializer: type[Serializer[Any]]) -> dict[str, Any]:
        """The body. Raises ValidationError."""
        return self._checked(serializer(data=self.request.data))

    def asked(self, serializer: type[Serializer[Any]]) -> dict[str, Any]:
        """The query string. Raises ValidationError."""
        return self._checked(serializer(data=self.request.query_params))

    @staticmethod
    def _checked(serializer: Serializer[Any]) -> dict[str, Any]:
        serializer.is_valid(raise_exception=True)
        values: dict[str, Any] = serializer.validated_data
        return values
