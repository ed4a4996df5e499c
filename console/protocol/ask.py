"""A request of a published client: its credential, its query and its body, checked."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from console.accounts.audit import address_of
from console.accounts.bearers import Bearer, bearer, require_method
from console.accounts.models import Team
from console.accounts.needs import action_of
from console.accounts.roles import Action
from console.problems import Invalid, TooLarge
from console.webtasks.storable import json_object

MAX_LISTED = 100


@dataclass
class Ask:
    """`handler` says what it needs."""

    request: HttpRequest
    handler: Callable[..., Any]

    @property
    def needed(self) -> Action:
        return action_of(self.handler)

    def team(self, slug: str) -> Team:
        """Raises Forbidden."""
        return self.bearer.team(slug, self.needed)

    def team_of(self, slug: str, name: str) -> Team:
        """The container of the webtask `name`. Raises Forbidden."""
        return self.bearer.team_of(slug, name, self.needed)

    @cached_property
    def bearer(self) -> Bearer:
        """Raises Forbidden."""
        shown = self.request.headers.get("Authorization", "")
        found = bearer(shown, self.query("key"), address=address_of(self.request))
        require_method(found, self.request.method)
        return found

    def query(self, name: str) -> str:
        """The first of that name, "" when there is none."""
        values = self.request.GET.getlist(name)
        return values[0] if values else ""

    def flag(self, name: str) -> bool:
        """Clients write `true` and `1`."""
        return self.query(name).lower() in ("true", "1")

    def page(self) -> slice:
        """Of a list, by `offset` and `limit`. Raises Invalid."""
        offset, limit = self._whole("offset", 0), self._whole("limit", MAX_LISTED)
        return slice(offset, offset + min(limit, MAX_LISTED))

    def meta(self) -> dict[str, str]:
        """What `meta=key:value`, once or more, asks for. Raises Invalid."""
        pairs = [text.partition(":") for text in self.request.GET.getlist("meta")]
        if not all(colon for _, colon, _ in pairs):
            raise Invalid("Query parameter `meta` must be a key and a value with a colon between them.")
        return {key: value for key, _, value in pairs}

    def text(self) -> str:
        """The body as it was sent. Raises Invalid, TooLarge."""
        size, limit = int(self.request.META.get("CONTENT_LENGTH") or 0), settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if size > limit:
            raise TooLarge(f"The body has {size:,} bytes; the limit is {limit:,}.")
        try:
            return self.request.body.decode()
        except UnicodeDecodeError:
            raise Invalid("The body is not UTF-8.") from None

    def body(self) -> dict[str, Any]:
        """The JSON object that was sent, whatever content type it was given. Raises Invalid, TooLarge."""
        return json_object(self.text())

    def _whole(self, name: str, default: int) -> int:
        text = self.query(name)
        if not text:
            return default
        if not text.isdecimal() or len(text) > 9:
            raise Invalid(f"Query parameter `{name}` must be a whole number.")
        return int(text)
