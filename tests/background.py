"""An event loop for coroutine tests, out of the way of playwright's."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

PATIENCE = 30  # seconds; only a hang is ever that slow

Result = TypeVar("Result")


class Background:
    """An event loop in a thread of its own: playwright may hold the main thread's for the whole session."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def run(self, work: Coroutine[Any, Any, Result], *, patience: float = PATIENCE) -> Result:
        return asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, patience), self.loop).result()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()
