"""The executor as a child process: started again when it ends, each time later, unless it says that is no use."""

import asyncio
import logging
import os
import signal
import sys
import time

from django.conf import settings

# EX_CONFIG of sysexits.h: a setting or this host is at fault, and starting again will not help.
EXIT_CONFIG = 78
BACKOFF_SECONDS = (0.2, 1.0, 3.0, 10.0, 30.0)
# Having lived so long, it is not in a crash loop.
STEADY_SECONDS = 60.0

logger = logging.getLogger(__name__)


class GaveUp(Exception):
    """The text is for the person who started us."""


class Child:
    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()
        # Ready at least once: what ends it later is not a mistake in the settings.
        self.proven = False

    async def keep(self) -> None:
        """Until stopped. Raises GaveUp."""
        failures = 0
        while not self._stopping.is_set():
            started = time.monotonic()
            code = await self._run()
            if self._stopping.is_set():
                return
            failures = 0 if time.monotonic() - started > STEADY_SECONDS else failures + 1
            if code == EXIT_CONFIG:
                raise GaveUp("the executor refuses to start; its reason stands above")
            if failures >= len(BACKOFF_SECONDS) and not self.proven:
                raise GaveUp(f"the executor ended {failures} times with code {code} and never became ready")
            pause = BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS)) - 1] if failures else 0.0
            logger.warning("the executor ended with code %s; starting it again in %s s", code, pause)
            await asyncio.sleep(pause)

    async def stop(self, seconds: float) -> None:
        """TERM, and KILL for it and its process group when it has not ended in time."""
        self._stopping.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(seconds):
                await process.wait()
        except TimeoutError:
            logger.warning("the executor did not end within %s s and is killed", seconds)
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()

    async def _run(self) -> int:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "executor",
            cwd=settings.BASE,
            stdin=asyncio.subprocess.DEVNULL,
            # WEBTASKS_EMBEDDED: it asks the kernel to die with us.
            env={**os.environ, "WEBTASKS_DATA": str(settings.DATA), "WEBTASKS_EMBEDDED": "1"},
            # Ctrl-C in the terminal reaches us alone, and we stop it in order.
            start_new_session=True,
        )
        return await self._process.wait()
