"""Installs what the console asks for: tells it what npm says, brings it the archive, tells it the outcome."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

import httpx

from executor import console
from executor.config import Config
from executor.contract import ARCHIVE_PATH
from executor.modules import store
from executor.modules.archive import BadArchive
from executor.modules.install import Installed, Installer, InstallFailed
from executor.modules.sets import shelve

log = logging.getLogger("executor.modules")

TELL_SECONDS = 0.2
_UPLOAD_SECONDS = 60.0

Tell = Callable[..., Coroutine[Any, Any, None]]


class Workshop:
    def __init__(self, config: Config) -> None:
        self._config = config
        self._installer = Installer(
            config.data,
            registry=config.npm_registry,
            private=config.egress_private,
            accept_weaker=config.accept_weaker,
        )

    async def work(self, run: str, wish: dict[str, str], tell: Tell) -> None:
        """Tells "installing" with lines as they come, then "installed". Raises what `tell` raises."""
        lines: list[str] = []

        async def pass_on() -> None:
            while True:
                await asyncio.sleep(TELL_SECONDS)
                if lines:
                    said, lines[:] = lines[:], []
                    await tell(t="installing", run=run, lines=said)

        passing = asyncio.get_running_loop().create_task(pass_on())
        outcome: dict[str, Any] = {"digest": "", "lock": "", "versions": {}, "error": ""}
        try:
            installed = await self._installer.install(wish, lines.append)
            outcome |= await self._hand_in(installed)
        except (InstallFailed, BadArchive) as error:
            outcome["error"] = str(error)
        except (httpx.HTTPError, OSError) as error:
            log.exception("packages of run %s could not be installed", run)
            outcome["error"] = f"the executor could not install them: {str(error) or type(error).__name__}"
        finally:
            passing.cancel()
        await tell(t="installed", run=run, lines=lines, **outcome)

    async def _hand_in(self, installed: Installed) -> dict[str, Any]:
        try:
            # Whoever runs with them will unpack them: what cannot be unpacked is not handed in.
            await asyncio.to_thread(
                shelve, installed.archive, installed.digest, store.place(self._config.data)
            )
            async with console.client(self._config) as client:
                response = await client.put(
                    ARCHIVE_PATH.format(digest=installed.digest),
                    content=await asyncio.to_thread(installed.archive.read_bytes),
                    timeout=_UPLOAD_SECONDS,
                )
                response.raise_for_status()
        finally:
            installed.archive.unlink()
        return {"digest": installed.digest, "lock": installed.lock, "versions": installed.versions}
