"""Everything of a team as one zip, for its people to keep or to take elsewhere. No value of a secret is in it."""

import threading
import time
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from console.accounts.audit import Actor, record
from console.accounts.models import Team
from console.exports import team as whole
from console.exports import webtasks
from console.exports.bundle import MOST_ROWS, Bundle, Folders
from console.problems import Overloaded
from console.webtasks.models import Webtask
from console.webtasks.shapes import instant

FORMAT = 1
# Each takes one of the few threads that answer requests, for as long as its reader takes.
AT_ONCE = 2
SECONDS = 1800.0
_places = threading.BoundedSemaphore(AT_ONCE)


class export:  # noqa: N801 - called as a function; it is a class to be closed whether or not it was begun
    """The bytes of the zip. Raises Overloaded."""

    _open = False

    def __init__(self, team: Team, *, actor: Actor) -> None:
        if not _places.acquire(blocking=False):
            raise Overloaded(f"{AT_ONCE} exports are under way already. Try again in a few minutes.")
        self._open = True
        try:
            with transaction.atomic():
                record(actor, "team.export", team, team.slug)
        except BaseException:
            self.close()
            raise
        self._pieces = _pieces(team)
        self._until = time.monotonic() + SECONDS

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if time.monotonic() > self._until:
            self.close()
            raise TimeoutError("an export was read too slowly")
        try:
            return next(self._pieces)
        except BaseException:  # its end, too
            self.close()
            raise

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        if self._open:
            self._open = False
            _places.release()


def _pieces(team: Team) -> Iterator[bytes]:
    bundle, folders, began = Bundle(), Folders(), timezone.now()
    yield from whole.write(bundle, team)
    index: list[dict[str, Any]] = []
    rows = (
        Webtask.objects.select_related("team", "live__author")
        .defer("live__code", "live__files")
        .filter(team=team)
    )
    for key in list(rows.order_by("name").values_list("pk", flat=True)):
        webtask = rows.filter(pk=key).first()
        if webtask is None:
            continue  # deleted meanwhile
        folder = folders.of(webtask.name)
        index.append({"name": webtask.name, "folder": folder})
        yield from webtasks.write(bundle, webtask, folder)
    yield from bundle.json("webtasks.json", index)
    told = {"format": FORMAT, "team": team.slug, "exported_at": instant(began), "files": bundle.contents}
    yield from bundle.json("manifest.json", told)
    yield from bundle.text("README.md", _readme(team, bundle, instant(began)))
    yield from bundle.end()


def _readme(team: Team, bundle: Bundle, began: str) -> str:
    cut = [one for one in bundle.contents if one.get("left_out")]
    listed = "\n".join(f"- `{one['path']}`: {one['left_out']:,} older rows are left out" for one in cut)
    return _README.format(
        name=team.name, slug=team.slug, began=began, most=MOST_ROWS, cut=listed or "- nothing"
    )


_README = """\
# {name} ({slug})

Everything of this team as it was at {began}; what changed while it was written may be here or not.
`.json` files hold one value, `.jsonl` files one in each line, oldest first. Times are in UTC.

| file | what |
|---|---|
| `manifest.json` | every file here, how many rows it has and how many were left out |
| `team.json` | names, limits that the team has set |
| `members.json` | who belongs to it, with their roles |
| `tokens.jsonl` | its tokens without what makes them work: that is kept nowhere |
| `audit.jsonl` | who wrote what and when |
| `adhoc/` | logs and connections of code that tokens ran without a webtask's name |
| `webtasks.json` | each webtask's name and the folder of its files |
| `webtasks/NAME/webtask.json` | description, tags, limits, egress rules, names of secrets, packages, collaborators |
| `webtasks/NAME/live/` | the code that its URL serves, and the files beside it |
| `webtasks/NAME/versions/` | of each version a folder of its code and, as JSON, all else: author, message, meta, parameters |
| `webtasks/NAME/drafts/` | everybody's unpublished text; `drafts.json` says whose |
| `webtasks/NAME/storage.json` | its document, as its code stored it |
| `webtasks/NAME/schedules.json` | when it runs by itself, and the last results |
| `webtasks/NAME/*.jsonl` | logs, invocations, tallies, connections and deliveries |

No value of a secret is here: nobody can read one back. Set them again where you take this.
Deliveries are told of without what was sent, which may hold credentials.

Of what never ends the newest {most:,} rows are here. Cut were:

{cut}
"""
