"""The files that a webtask has beside its code, which its code loads by relative requests (`require("./lib/x")`)."""

import re
from collections.abc import Mapping

from console.problems import Invalid

MOST = 100
MAX_PATH = 200
_LANGUAGE = re.compile(r"\.[cm]?[jt]s$")
# Each part begins with a letter, digit or underscore: nothing is hidden, and nothing leads up.
_PATH = re.compile(r"(?:\w[\w.-]*/){0,8}\w[\w.-]*", re.ASCII)


def check(files: Mapping[str, str], entry: str) -> None:
    """Raises Invalid. `entry` is the name of the code itself."""
    if len(files) > MOST:
        raise Invalid(f"{len(files)} files are more than {MOST}.", field="files")
    for path in files:
        if not is_path(path):
            raise Invalid(
                f"“{path[:80]}” cannot name a file: write letters, digits and ._- in parts that begin with a letter"
                f" or digit, separated by slashes, {MAX_PATH} characters at most.",
                field="files",
            )
        if path == entry:
            raise Invalid(f"“{path}” is the webtask's own code.", field="files")
    _check_folders(files)


def is_path(path: str) -> bool:
    """Whether a file can be called that."""
    return len(path) <= MAX_PATH and _PATH.fullmatch(path) is not None


def entry_of(name: str) -> str:
    """The file's name as stack traces show it; its ending says what language it is in, where the webtask's does."""
    return name if _LANGUAGE.search(name) else f"{name}.js"


def text_of(code: str, files: Mapping[str, str]) -> str:
    """All of it, for who looks for words in it."""
    return "\n".join([code, *files.values()])


def _check_folders(files: Mapping[str, str]) -> None:
    folders = {path[:at] for path in files for at, letter in enumerate(path) if letter == "/"}
    if both := sorted(folders & set(files)):
        raise Invalid(f"“{both[0]}” is a file and a folder at once.", field="files")
