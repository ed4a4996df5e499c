"""The sets of packages on this node: fetched from the console by digest, once, unpacked where sandboxes read."""

import asyncio
import hashlib
import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import httpx

from executor.contract import ARCHIVE_PATH
from executor.modules import bounds
from executor.modules.archive import BadArchive, unpack

TIMEOUT_SECONDS = 30.0
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Unavailable(Exception):
    """The set cannot be had now; the text says why."""


class Library:
    def __init__(self, store: Path, client: httpx.AsyncClient) -> None:
        """`store` is what store.prepare() made; `client` asks the console."""
        self._store = store
        self._client = client
        self._here: set[str] = set()
        self._fetching: dict[str, asyncio.Task[None]] = {}

    async def ensure(self, digest: str) -> None:
        """Returns when every sandbox can read it. Raises Unavailable."""
        if not digest or digest in self._here:
            return
        if not _DIGEST.fullmatch(digest):
            raise Unavailable(f"{digest[:80]!r} names no packages")
        task = self._fetching.get(digest)
        if task is None:
            task = self._fetching[digest] = asyncio.get_running_loop().create_task(self._fetch(digest))
            task.add_done_callback(lambda _: self._fetching.pop(digest))
        await asyncio.shield(task)

    async def _fetch(self, digest: str) -> None:
        place = self._store / digest
        if not place.is_dir():
            try:
                await self._bring(digest, place)
            except (httpx.HTTPError, BadArchive, OSError) as error:
                reason = str(error) or type(error).__name__
                raise Unavailable(f"the packages of this webtask cannot be fetched: {reason}") from error
        # The next start drops what was not used for long.
        with suppress(OSError):
            os.utime(place)
        self._here.add(digest)

    async def _bring(self, digest: str, place: Path) -> None:
        with tempfile.TemporaryDirectory(dir=self._store.parent, prefix=".archive-") as directory:
            archive = Path(directory) / "archive"
            if await self._download(digest, archive) != digest:
                raise BadArchive("what the console sent is not what was asked for")
            building = Path(directory) / digest
            await asyncio.to_thread(_shelve, archive, building, place)

    async def _download(self, digest: str, archive: Path) -> str:
        """Its SHA-256."""
        path = ARCHIVE_PATH.format(digest=digest)
        async with self._client.stream("GET", path, timeout=TIMEOUT_SECONDS) as response:
            response.raise_for_status()
            return await _save(response, archive)


async def _save(response: httpx.Response, archive: Path) -> str:
    found, size = hashlib.sha256(), 0
    with archive.open("wb") as file:
        async for chunk in response.aiter_raw():
            size += len(chunk)
            if size > bounds.ARCHIVE_BYTES:
                raise BadArchive(f"more than {bounds.ARCHIVE_BYTES:,} bytes")
            found.update(chunk)
            file.write(chunk)
    return found.hexdigest()


def shelve(archive: Path, digest: str, store: Path) -> None:
    """As if it had been fetched. Raises BadArchive, OSError."""
    with tempfile.TemporaryDirectory(dir=store.parent, prefix=".archive-") as directory:
        _shelve(archive, Path(directory) / digest, store / digest)


def _shelve(archive: Path, building: Path, place: Path) -> None:
    """Under another name until it is complete."""
    unpack(archive, building)
    try:
        building.rename(place)
    except OSError:
        # Another executor of this data directory was first.
        if not place.is_dir():
            raise
        shutil.rmtree(building)
