from channels.generic.websocket import AsyncWebsocketConsumer  # type: ignore[import-untyped]


class Nowhere(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Any other path. Accepted first: a browser is not told why an upgrade was refused."""

    async def connect(self) -> None:
        await self.accept()
        await self.close(4404)
