"""Which packages code wants: those listed in its meta, and `require('name@version')` in its text. Pure functions."""

import hashlib
import json
import re
from collections.abc import Mapping

from console.problems import Invalid
from console.webtasks.content import DEPENDENCIES
from executor.contract import Limits
from executor.platform import versions as platform

# Below it are the packages that code asks for with a version; executor/guest/node/modules.js says the same.
VERSIONS = "@webtask-versions"
# The ceiling of the limit.
MOST = Limits().packages
# The guest has them itself, whatever version somebody asks for; the registry has none but the first.
BUILT_IN = frozenset(
    f"@webtask/{name}"
    for name in (
        *("middleware-compiler", "cron-auth-middleware", "bearer-auth-middleware", "jwt-middleware"),
        *("auth0-auth-middleware", "async-function-middleware", "optional-compiler-middleware"),
        "optional-compiler",
    )
)
# As npm has them; old ones may have capitals.
_NAME = re.compile(r"(?:@[a-zA-Z0-9~-][\w.~-]*/)?[a-zA-Z0-9~-][\w.~-]*")
# Numbers, ranges and tags: nothing with a colon or a slash, which would be a place to fetch from.
_VERSION = re.compile(r"[\w.^~<>=|*+ -]{1,100}")
# Every repetition is bounded: the text is a stranger's, and a search that takes long stops everybody.
_REQUIRED = re.compile(
    r"""(?:\brequire[ \t]{0,9}\(|\bimport\b[ \t]{0,9}\(?|\bfrom\b)\s{0,99}(["'`])"""
    r"""((?:@[\w.~-]{1,214}/)?[\w.~-]{1,214})@([\w.^~<>=*+-]{1,100})(?:/[^"'`\n]{0,300})?\1"""
)


def wish(dependencies: Mapping[str, str], code: str, *, most: int = MOST) -> dict[str, str]:
    """What package.json would call dependencies, less what everybody has in that very version.

    Raises Invalid when it is more than `most`.
    """
    found = {
        name: version
        for name, version in dependencies.items()
        if name not in BUILT_IN and platform().get(name) != version
    }
    for name, version in required(code):
        if version not in {platform().get(name), dependencies.get(name)}:
            found[alias(name, version)] = f"npm:{name}@{version}"
    if len(found) > most:
        raise Invalid(
            f"{len(found)} packages are more than {most}, which is the limit beside those that every webtask has.",
            field="modules",
        )
    return dict(sorted(found.items()))


def key_of(wish: Mapping[str, str]) -> str:
    """Equal wishes, equal keys."""
    return hashlib.sha256(json.dumps(wish, sort_keys=True).encode()).hexdigest()


def required(code: str) -> set[tuple[str, str]]:
    """Names and versions. A match in a comment installs a package too many, which harms nobody."""
    return {
        (name, version)
        for _quote, name, version in _REQUIRED.findall(code)
        if _valid(name) and name not in BUILT_IN
    }


def parse(meta: Mapping[str, str]) -> dict[str, str]:
    """The dependencies that a version's meta lists. Raises Invalid."""
    text = meta.get(DEPENDENCIES)
    if not text:
        return {}
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid(f"The meta property {DEPENDENCIES} is not JSON.", field="meta") from None
    if not isinstance(listed, dict):
        raise Invalid(
            f"The meta property {DEPENDENCIES} is not an object of names and versions.", field="meta"
        )
    for name, version in listed.items():
        check(name, version)
    return listed


def check(name: object, version: object) -> None:
    """Raises Invalid."""
    if not isinstance(name, str) or not _valid(name):
        raise Invalid(f"“{str(name)[:80]}” is no name of an npm package.", field="name")
    if not isinstance(version, str) or not _VERSION.fullmatch(version) or not version.strip():
        raise Invalid(f"“{str(version)[:80]}” is no version of an npm package.", field="version")


def _valid(name: str) -> bool:
    return len(name) <= 214 and _NAME.fullmatch(name) is not None and name not in {"node_modules", VERSIONS}


def alias(name: str, version: str) -> str:
    """A name that npm allows for one package in one version."""
    plain = [re.sub(r"[^a-z0-9.-]", lambda one: f"_{ord(one[0]):x}_", text) for text in (name, version)]
    return f"{VERSIONS}/{'_'.join(plain)}"
