"""What our two websockets share: a pulse, a clean end whatever ended them, and errors as messages."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from channels.exceptions import ChannelFull  # type: ignore[import-untyped]
from channels.generic.websocket import AsyncJsonWebsocketConsumer  # type: ignore[import-untyped]

MAX_MESSAGE = 64 * 1024


class Socket(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """A subclass handles `{"t": "word"}` in `on_word`. Its handlers run one at a time, `pulse` among them."""

    pulse_seconds = 10.0
    max_message = MAX_MESSAGE

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        beat = asyncio.create_task(self._beat())
        try:
            await super().__call__(scope, receive, send)
        finally:
            beat.cancel()
            await self.gone()

    async def gone(self) -> None:
        """The connection has ended, by either side or by a failure."""

    async def pulse(self, _event: dict[str, Any]) -> None:
        """Every `pulse_seconds`. A group forgets a member after a day, and one that was slow for a minute."""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **_: Any) -> None:
        try:
            handler, message = self._read(text_data)
            await handler(message)
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            await self.misunderstood(error)

    async def misunderstood(self, error: Exception) -> None:
        raise NotImplementedError

    def header(self, name: str) -> str:
        found = [value for key, value in self.scope["headers"] if key == name.encode()]
        return found[0].decode("latin-1") if found else ""

    def _read(self, text: str | None) -> tuple[Callable[[dict[str, Any]], Awaitable[None]], dict[str, Any]]:
        if text is None or len(text) > self.max_message:
            raise ValueError(f"send JSON text of at most {self.max_message:,} characters")
        message = json.loads(text, parse_constant=_refuse)
        word = message["t"]
        handler = getattr(self, f"on_{word}", None) if isinstance(word, str) and word.isidentifier() else None
        if handler is None:
            raise ValueError(f"there is no message {word!r}")
        return handler, message

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.pulse_seconds)
            try:
                await self.channel_layer.send(self.channel_name, {"type": "pulse"})
            except ChannelFull:
                continue  # it has enough to do


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
