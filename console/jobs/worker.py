"""A Celery worker in a thread of this process: the embedded default, where the broker is memory."""

import logging
import threading
from typing import Any

from console.jobs import doorbell

logger = logging.getLogger(__name__)

# Most of them wait for webtasks to answer; a thread is made when it is first needed.
THREADS = 32


class Worker(threading.Thread):
    """Celery documents only the command-line worker; this is all that knows of embedding one."""

    def __init__(self, concurrency: int = THREADS) -> None:
        super().__init__(name="worker", daemon=True)
        self._concurrency = concurrency
        self._loaded = threading.Event()
        self._ready = threading.Event()
        self._flags: Any = None

    def run(self) -> None:
        # All of Celery is imported here and nowhere else: two threads importing it at once can deadlock.
        from celery.worker import state

        from console.celery import app

        self._flags = state
        self._loaded.set()
        controller = app.WorkController(
            pool="threads",
            concurrency=self._concurrency,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            ready_callback=self._on_ready,
        )
        controller.start()

    def wait_ready(self, seconds: float) -> bool:
        return self._ready.wait(seconds)

    def stop(self, seconds: float) -> bool:
        """Waits for running jobs so long; what is left is claimed anew when its lease runs out."""
        if not self._loaded.wait(seconds):
            return False
        flags = self._flags
        # As Celery's own signal handler does. Its loop looks up when a message comes or after 2 s, and turns once
        # more: two rings for no job hurry it.
        flags.should_stop = 0
        doorbell.ring(0)
        doorbell.ring(0)
        self.join(seconds)
        flags.should_stop = None
        doorbell.worker_here = False
        return not self.is_alive()

    def _on_ready(self, _consumer: Any) -> None:
        doorbell.worker_here = True
        self._ready.set()
