"""Which pages may open our websocket: our own. A program that shows a token is no page: browsers cannot add the header."""

from typing import Any

from channels.security.websocket import OriginValidator  # type: ignore[import-untyped]
from django.conf import settings


class OwnPages:
    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._checked = OriginValidator(inner, [settings.CONSOLE_ORIGIN])

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        shows_token = any(name == b"authorization" for name, _ in scope["headers"])
        await (self._inner if shows_token else self._checked)(scope, receive, send)
