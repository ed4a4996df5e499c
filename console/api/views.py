"""The base of the API's views: who asks, and what they sent, checked."""

from typing import Any

from rest_framework.exceptions import NotAuthenticated
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from console.accounts import holders
from console.accounts.access import access_team
from console.accounts.audit import Actor
from console.accounts.models import Team, Token, User
from console.accounts.needs import action_of
from console.accounts.principals import KeyHolder, Person, Principal
from console.accounts.roles import Action
from console.problems import Forbidden
from console.webtasks.access import access_webtask, allowed_with
from console.webtasks.models import Webtask


class View(APIView):
    @property
    def user(self) -> User:
        if not isinstance(self.request.user, User):
            raise NotAuthenticated
        return self.request.user

    @property
    def who(self) -> Principal:
        user, shown = self.user, self.request.auth
        if isinstance(shown, Token) and user.holds_id is None:
            return KeyHolder(shown)
        return holders.principal_of(user, self.request.session)

    @property
    def person(self) -> User:
        """For what is a person's own to do. Raises Forbidden for whoever comes by a token."""
        if not isinstance(self.who, Person):
            raise Forbidden("A token is for its own team. Sign in, and do it as the person that you are.")
        return self.user

    @property
    def actor(self) -> Actor:
        return Actor.of(self.request)

    @property
    def needed(self) -> Action:
        """That the method called declares."""
        return action_of(getattr(self, (self.request.method or "").lower()))

    def team(self, slug: str) -> Team:
        """Raises Absent, Forbidden."""
        return access_team(self.who, slug, self.needed)

    def webtask(self, team: str, name: str) -> Webtask:
        """Raises Absent, Forbidden."""
        return access_webtask(self.who, team, name, self.needed)

    def may(self, webtask: Webtask, action: Action) -> bool:
        """Whether somebody who may see a webtask may do that with it as well."""
        return action in allowed_with(self.who, webtask)

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
