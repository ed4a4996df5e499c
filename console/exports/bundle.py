"""A zip that is taken away while it is written: no more of it is in memory than a chunk."""

import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.utils import timezone

from console.accounts.models import Team

CHUNK = 64 * 1024
# Of what never ends, such as log lines: so many of each file, the newest.
MOST_ROWS = 10_000
# Of rows that are fetched at once.
FETCHED = 200


class Bundle:
    """Each method gives the bytes that are ready by then. `contents` tells of each file what it holds."""

    def __init__(self) -> None:
        self._sink = _Sink()
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED)
        self._now = timezone.now()
        self.contents: list[dict[str, Any]] = []

    def text(self, path: str, text: str) -> Iterator[bytes]:
        yield from self._file(path, [text])
        self.contents.append({"path": path})

    def json(self, path: str, value: Any) -> Iterator[bytes]:
        yield from self.text(path, _pretty(value))

    def rows(self, path: str, rows: Iterable[Mapping[str, Any]], *, left_out: int = 0) -> Iterator[bytes]:
        """One line of JSON each; `left_out` are older and not there. No file for none."""
        count = 0

        def lines() -> Iterator[str]:
            nonlocal count
            for count, row in enumerate(rows, 1):  # noqa: B007 - told below
                yield f"{_line(row)}\n"

        peek = lines()
        first = next(peek, None)
        if first is None:
            return
        yield from self._file(path, chain([first], peek))
        self.contents.append({"path": path, "rows": count, "left_out": left_out})

    def newest(
        self, path: str, rows: "QuerySet[Any]", shape: Callable[[Any], Mapping[str, Any]]
    ) -> Iterator[bytes]:
        """MOST_ROWS of them, oldest first."""
        over = list(rows.order_by("-pk").values_list("pk", flat=True)[MOST_ROWS - 1 : MOST_ROWS])
        left_out = rows.filter(pk__lt=over[0]).count() if over else 0
        kept = rows.filter(pk__gte=over[0]) if over else rows
        yield from self.rows(path, each(kept, shape), left_out=left_out)

    def end(self) -> Iterator[bytes]:
        self._zip.close()
        yield self._sink.take()

    def _file(self, path: str, texts: Iterable[str]) -> Iterator[bytes]:
        entry = zipfile.ZipInfo(path, self._now.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        with self._zip.open(entry, "w") as file:
            for text in texts:
                file.write(text.encode("utf-8", "replace"))
                if self._sink.size >= CHUNK:
                    yield self._sink.take()


class _Sink:
    """What zipfile writes to."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None: ...

    def close(self) -> None: ...

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts, self.size = [], 0
        return taken


class Folders:
    """Where the files of each webtask are: told apart also where a file system takes Hello and hello for the same."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def of(self, name: str) -> str:
        folder = safe(name)
        while folder.lower() in self._seen:
            folder += "~"
        self._seen.add(folder.lower())
        return f"webtasks/{folder}"


def safe(name: str) -> str:
    """Names a file on any system, and only one in its folder."""
    quoted = quote(name, safe="-_.$!=@+")
    return f"%2E{quoted[1:]}" if quoted.startswith(".") else quoted


def each(rows: "QuerySet[Any]", shape: Callable[[Any], Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """By `pk`, page by page: a cursor that a slow reader keeps open would keep the database from tidying up."""
    rows, last = rows.order_by("pk"), None
    while page := list((rows if last is None else rows.filter(pk__gt=last))[:FETCHED]):
        yield from map(shape, page)
        last = page[-1].pk


def filename(team: Team) -> str:
    return f"{team.slug}-{timezone.now():%Y-%m-%d}.zip"


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
