"""What is published: the code and everything that belongs to it rather than to the webtask."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Self

from console.webtasks.files import text_of

if TYPE_CHECKING:
    from console.webtasks.models import Draft, Version

# The property of meta that lists packages, as JSON of names and versions.
DEPENDENCIES = "wt-node-dependencies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """`files` are those beside the code, by path. `url` is where the code lives, when it is not `code`. The settings are those of the protocol:

    `modules` is the digest of the packages that it runs with, "" without. `params` (claim `pctx`), `parse_body` (`pb`: 0 never, 1 always, 2 or None by arity), `merge_body` (`mb`), `host`.
    """

    code: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    runtime: str = "node"
    meta: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    parse_body: int | None = None
    merge_body: int = 1
    host: str = ""
    modules: str = ""

    @classmethod
    def of(cls, version: "Version") -> Self:
        return cls(**{row.name: getattr(version, row.name) for row in fields(cls)})

    @classmethod
    def of_draft(cls, draft: "Draft", live: "Version | None") -> Self:
        """Its text, and the packages that it was prepared with; the rest is the live version's, or what there was to begin with."""
        found = cls.of(live) if live else cls(**draft.webtask.seed)
        base = replace(found, code=draft.code, files=draft.files, url="")
        if draft.dependencies is None:
            return base
        return replace(base.listing(draft.dependencies), modules=draft.modules)

    def listing(self, dependencies: Mapping[str, str]) -> Self:
        """With these packages in its meta."""
        meta = {name: value for name, value in self.meta.items() if name != DEPENDENCIES}
        if dependencies:
            meta[DEPENDENCIES] = json.dumps(dict(dependencies), sort_keys=True)
        return replace(self, meta=meta)

    @property
    def text(self) -> str:
        return text_of(self.code, self.files)

    def to_row(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def digest(self) -> str:
        """Names the content: a restored version has the digest of the original."""
        row = self.to_row()
        if not self.files:
            # As versions were called before they could have any.
            del row["files"]
        text = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
