"""The declarations (.d.ts) that packages carry, which editors complete by. Strangers wrote them: they are text here."""

import hashlib
import json
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from console.modules import archives, wanted
from console.problems import Absent
from executor.modules.archive import BadArchive, pick
from executor.platform import HOME
from executor.platform import versions as platform

MOST_BYTES = 2 << 20
# Of a package's files, to choose from.
_MOST_READ = 16 << 20
_ENDINGS = (".d.ts", ".d.mts", ".d.cts")
_PACKAGE = "package.json"
_ASKED = re.compile(
    r"""(?:\bfrom\s{0,9}|\bimport\s{0,9}\(?\s{0,9}|\brequire\(\s{0,9})["'](\.[^"'\n]{1,300})["']"""
    r"""|<reference\s{1,9}path\s{0,9}=\s{0,9}["']([^"'\n]{1,300})["']"""
)

Read = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Typings:
    """`package` is whose files they are, which may be another's: @types/express for express. Paths are below its folder."""

    package: str
    files: Mapping[str, str] = field(default_factory=dict)


def typings_of(name: str, version: str, archive: str) -> Typings:
    """Of a package in that archive ("" is none), else of the one that every webtask has. Without files when it has none.

    `version` is that of `require("name@version")`, "" of a package by its bare name.
    """
    folder = wanted.alias(name, version) if version else name
    reader = _in_archive(archive, {folder, typed(name)}) if archive else None
    for found, place in ((name, folder), (typed(name), typed(name))):
        files = _collect(reader, place) if reader else {}
        if not files and version in {"", platform().get(name)}:
            files = _collect(_on_disk, found)
        if files:
            return Typings(found, files)
    return Typings(name)


def etag_of(archive: str) -> str:
    """The same as long as the same packages are there."""
    everybodys = json.dumps(platform(), sort_keys=True)
    return f'"{hashlib.sha256(f"{archive} {everybodys}".encode()).hexdigest()[:32]}"'


def typed(name: str) -> str:
    """Where declarations lie of a package that carries none."""
    return f"@types/{name.removeprefix('@').replace('/', '__')}"


def _in_archive(digest: str, folders: set[str]) -> Read | None:
    roots = tuple(f"node_modules/{folder}/" for folder in folders)

    def counts(path: str) -> bool:
        return path.startswith(roots) and (path.endswith(_ENDINGS) or posixpath.basename(path) == _PACKAGE)

    try:
        found = pick(archives.find(digest), counts, most=_MOST_READ)
    except (Absent, BadArchive, OSError):
        return None
    return lambda path: _decoded(found.get(f"node_modules/{path}"))


def _on_disk(path: str) -> str | None:
    try:
        with (HOME / "node_modules" / path).open("rb") as file:
            return _decoded(file.read(MOST_BYTES))
    except OSError:
        return None


def _decoded(content: bytes | None) -> str | None:
    return None if content is None else content.decode(errors="replace")


def _collect(read: Read, folder: str) -> dict[str, str]:
    """What its main file declares, and the files that this asks for, until it is too much."""
    described = _described(read(f"{folder}/{_PACKAGE}"))
    main = next((path for path in _mains(described) if read(f"{folder}/{path}") is not None), None)
    if main is None:
        return {}
    files: dict[str, str] = {}
    size, ahead, seen = 0, [main], {main}
    while ahead:
        path = ahead.pop(0)
        text = read(f"{folder}/{path}") or ""
        size += len(text.encode())
        if size > MOST_BYTES:
            break
        files[path] = text
        for request, reference in _ASKED.findall(text):
            asked = posixpath.join(posixpath.dirname(path), request or reference)
            choices = _choices(posixpath.normpath(asked))
            there = next((one for one in choices if read(f"{folder}/{one}") is not None), None)
            if there is not None and there not in seen:
                seen.add(there)
                ahead.append(there)
    known = {key: described[key] for key in ("name", "version") if isinstance(described.get(key), str)}
    files[_PACKAGE] = json.dumps({**known, "types": main})
    return files


def _described(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _mains(described: Mapping[str, Any]) -> Iterator[str]:
    for key in ("types", "typings"):
        if isinstance(described.get(key), str):
            yield from _choices(posixpath.normpath(described[key]))
    for path in _conditions(described.get("exports"), 6):
        yield from _choices(posixpath.normpath(path))
    if isinstance(described.get("main"), str):
        yield from _choices(posixpath.normpath(described["main"]))
    yield "index.d.ts"


def _conditions(exports: object, depth: int) -> Iterator[str]:
    """The places that `exports` has for "." and a compiler."""
    if not isinstance(exports, dict) or depth == 0:
        return
    for key in ("types", "require", "import", "node", "default", "."):
        value = exports.get(key)
        if key == "types" and isinstance(value, str):
            yield value
        else:
            yield from _conditions(value, depth - 1)


def _choices(path: str) -> Iterator[str]:
    """Files that a path may mean, none outside of the package."""
    if path.startswith(("../", "/")) or path in {"..", "."} or len(path) > 400:
        return
    if path.endswith(_ENDINGS):
        yield path
        return
    stem = re.sub(r"\.[cm]?[jt]s$", "", path)
    for one in dict.fromkeys((stem, path)):
        yield from (f"{one}{ending}" for ending in _ENDINGS)
    yield from (f"{path}/index{ending}" for ending in _ENDINGS)
