"""uvicorn on the console's unix socket, started and stopped by us."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

GRACE_SECONDS = 1
# A batch of an executor's records is the largest message.
MAX_FRAME = 16 * 1024 * 1024


class Server(uvicorn.Server):
    def __init__(self, path: Path) -> None:
        from console.asgi import application  # after Django is set up

        config: Any = uvicorn.Config(
            application,
            uds=str(path),
            http="httptools",
            ws="websockets-sansio",
            ws_max_size=MAX_FRAME,
            lifespan="on",
            # Whoever can open the socket is our own edge, which writes these headers itself.
            proxy_headers=True,
            forwarded_allow_ips="*",
            server_header=False,
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None: console.serve.service owns the signals and the order of stopping."""
        yield
