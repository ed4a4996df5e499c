"""A Celery worker in a thread of this process: the embedded default, where the broker is memory."""

import logging
import threading
from typing import Any

from console.jobs import doorbell

logger = logging.getLogger(__name__)


class Worker(threading.Thread):
    """Celery documents only the command-line worker; this is all that knows of embedding one."""

    def __init__(self, concurrency: int = 2) -> None:
        super().__init__(name="worker", daemon=True)
        self._concurrency = concurrency
        self._ready = threading.Event()
        self._controller: Any = None

    def run(self) -> None:
        from celery.signals import worker_ready

        from console.celery import app

        worker_ready.connect(self._on_ready, weak=False)
        self._controller = app.WorkController(
            pool="threads",
            concurrency=self._concurrency,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )
        self._controller.start()

    def wait_ready(self, seconds: float) -> bool:
        return self._ready.wait(seconds)

    def stop(self, seconds: float) -> bool:
        """Waits for running jobs so long; what is left is claimed anew when its lease runs out."""
        doorbell.worker_here = False
        if self._controller is not None:
            threading.Thread(target=self._controller.stop, daemon=True).start()
        self.join(seconds)
        return not self.is_alive()

    def _on_ready(self, **_: Any) -> None:
        doorbell.worker_here = True
        self._ready.set()
