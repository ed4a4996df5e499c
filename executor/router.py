"""Which webtask a request names, from its host and path alone."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, unquote_to_bytes

from executor.contract import ENTRANCE, INTERNAL_PREFIX, NAME_PATTERN, PREVIEW, RUN_PREFIX, TEAM_PATTERN, Pin

_TEAM = re.compile(TEAM_PATTERN)
_NAME = re.compile(NAME_PATTERN)
# No address, and not "localhost".
_DOMAIN = re.compile(r"(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]*")
# Most requests name what the one before them named. Longer ones are not kept: strangers choose them.
MAX_KEPT = 300
PATH_FORMAT, DOMAIN_FORMAT, HOST_FORMAT = 1, 2, 3  # `req.x_wt.url_format` as the published clients know it


@dataclass(frozen=True, slots=True)
class Target:
    """`webtask` is None for ad-hoc code. `rest` is what follows the name, with its slash, without the query.

    A version is asked for by its pinned name, which `webtask` is then; of a `draft` it is the name alone: whose draft, the
    request says.

    `host` is the custom domain that it was asked for under: whether it is the webtask's, its deployment says.
    `entrance` is where a browser comes back from the console, to what is private; `preview` is the page that shows an
    answer's HTML.
    """

    team: str
    webtask: str | None
    rest: str
    url_format: int
    host: str = ""
    entrance: bool = False
    draft: bool = False
    preview: bool = False

    @property
    def on_console_host(self) -> bool:
        return self.url_format == PATH_FORMAT


class Unroutable(Exception):
    """The URL belongs to us and names nothing that can run; the text tells the caller what to write."""


def locate(host: str, path: str, *, domain: str, console: str = "") -> Target | None:
    """The target of a request; None when it is the console's. `path` is as sent, still percent-encoded.

    Raises Unroutable.
    """
    if len(host) + len(path) > MAX_KEPT:
        return _locate(host, path, domain, console)
    return _kept(host, path, domain, console)


def _locate(host: str, path: str, domain: str, console: str) -> Target | None:
    if not path.startswith("/"):
        raise Unroutable("the request target must be a path, like /api/run/TEAM/WEBTASK")
    host = host.rsplit(":", 1)[0].lower() if not host.endswith("]") else host
    if host.endswith("." + domain):
        return _by_host(host.removesuffix("." + domain), path)
    if path.startswith(RUN_PREFIX):
        return _by_path(path)
    if unquote(path).startswith(INTERNAL_PREFIX):  # decoded, as the console will read it
        raise Unroutable("there is nothing here")
    return _by_domain(host, path) if host != console and _DOMAIN.fullmatch(host) else None


_kept = lru_cache(maxsize=4096)(_locate)


def _by_host(team: str, path: str) -> Target:
    if not _TEAM.fullmatch(team):
        raise Unroutable(f"{team!r} is not a team's name")
    if path == f"/{PREVIEW}":
        return Target(team, None, "", HOST_FORMAT, preview=True)
    entrance, path = _entrance(path)
    name, rest = _split(path[1:])
    if not name:
        raise Unroutable("the URL names no webtask: write its name after the slash")
    webtask, draft = _valid(name)
    return Target(team, webtask, rest, HOST_FORMAT, entrance=entrance, draft=draft)


def _by_path(path: str) -> Target:
    team, after = _split(path.removeprefix(RUN_PREFIX))
    if not _TEAM.fullmatch(team):
        raise Unroutable(f"{team!r} is not a team's name: write /api/run/TEAM/WEBTASK")
    name, rest = _split(after[1:])
    webtask, draft = _valid(name) if name else (None, False)
    return Target(team, webtask, rest, PATH_FORMAT, draft=draft)


def _by_domain(host: str, path: str) -> Target | None:
    entrance, path = _entrance(path)
    team, after = _split(path[1:])
    name, rest = _split(after[1:])
    if not name or not _TEAM.fullmatch(team):
        return None
    webtask, draft = _valid(name)
    return Target(team, webtask, rest, DOMAIN_FORMAT, host, entrance, draft)


def _entrance(path: str) -> tuple[bool, str]:
    """Whether it is one, and the path without it."""
    within = path.removeprefix(f"/{ENTRANCE}")
    return (True, within) if within.startswith("/") and within != path else (False, path)


def _split(path: str) -> tuple[str, str]:
    """`hello/x/y` → (`hello`, `/x/y`); the first part is decoded, the rest stays as it was sent."""
    first, slash, rest = path.partition("/")
    return unquote_to_bytes(first).decode(errors="replace"), slash + rest


def _valid(name: str) -> tuple[str, bool]:
    """The webtask's name, pinned or not, and whether it is a draft that is asked for."""
    pin = Pin.of(name)
    plain = pin.webtask if pin else name
    if not _NAME.fullmatch(plain) or plain in (".", ".."):
        raise Unroutable(f"{name!r} is not a webtask's name")
    draft = pin is not None and pin.version is None
    return (plain if draft else name), draft
