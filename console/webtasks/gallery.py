"""The templates that come with Webtasks: working webtasks to begin from, each a folder of console/gallery."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self

from console.problems import Absent
from console.webtasks.about import About
from console.webtasks.content import Content

FOLDER = Path(__file__).parents[1] / "gallery"
_ABOUT = "template.json"
_ENTRIES = ("index.js", "index.ts")
# How the code is called: docs/howto/write-a-webtask.md.
MODELS = {
    "callback": "(ctx, cb)",
    "async": "async (ctx)",
    "response": "(ctx, req, res)",
    "fetch": "{ fetch }",
}
NEEDS = {
    "nothing": "Nothing",
    "secrets": "Secrets",
    "storage": "Storage",
    "schedule": "Schedule",
    "network": "Network",
}
# What an empty dashboard offers.
FIRST = ("json-api", "counter", "github-webhook")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A request, and what it is answered: `json`, `text`, or a text that `contains` this."""

    status: int
    method: str = "GET"
    path: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    json: Any = None
    text: str = ""
    contains: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """`secrets` have a name, what they are for (`why`) and an `example`; `guard` is the one to set, `schedule` the one to make.
    `uses` names what else it needs of NEEDS, `packages` those of the platform's that it loads."""

    name: str
    title: str
    line: str
    model: str
    example: Example
    code: str
    entry: str
    files: Mapping[str, str]
    secrets: tuple[Mapping[str, str], ...] = ()
    guard: Mapping[str, Any] | None = None
    schedule: Mapping[str, str] | None = None
    uses: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> Self:
        texts = {
            path.relative_to(folder).as_posix(): path.read_text()
            for path in folder.rglob("*")
            if path.is_file()
        }
        about = json.loads(texts.pop(_ABOUT))
        entry = next(name for name in _ENTRIES if name in texts)
        example = Example(**about.pop("example"))
        code = texts.pop(entry)
        return cls(**about, name=folder.name, example=example, code=code, entry=entry, files=texts)

    @property
    def needs(self) -> frozenset[str]:
        """Of NEEDS."""
        found = {*self.uses, *(["secrets"] if self.secrets else []), *(["schedule"] if self.schedule else [])}
        return frozenset(found or {"nothing"})

    @property
    def readme(self) -> str:
        return self.files["README.md"]

    @property
    def content(self) -> Content:
        """What a webtask that is made of it begins with; the README comes along as a file."""
        return Content(code=self.code, files=self.files)

    @property
    def about(self) -> About:
        return About(description=self.line)


@cache
def templates() -> Mapping[str, Template]:
    """By name; the simplest first."""
    found = [Template.read(about.parent) for about in FOLDER.glob(f"*/{_ABOUT}")]
    found.sort(key=lambda one: (one.name != "hello", "nothing" not in one.needs, len(one.needs), one.title))
    return {one.name: one for one in found}


def template_named(name: str) -> Template:
    """Raises Absent."""
    if name not in templates():
        raise Absent(f"There is no template “{name[:80]}”.")
    return templates()[name]
