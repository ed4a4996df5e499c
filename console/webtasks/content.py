"""What is published: the code and everything that belongs to it rather than to the webtask."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from console.webtasks.models import Draft, Version

# The property of meta that lists packages, as JSON of names and versions.
DEPENDENCIES = "wt-node-dependencies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """`url` is where the code lives, when it is not `code`. The settings are those of the protocol:

    `modules` is the digest of the packages that it runs with, "" without. `params` (claim `pctx`), `parse_body` (`pb`: 0 never, 1 always, 2 or None by arity), `merge_body` (`mb`), `host`.
    """

    code: str = ""
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
        """Its text, and the packages that it was prepared with; the rest is the live version's."""
        base = replace(cls.of(live) if live else cls(), code=draft.code, url="")
        if draft.dependencies is None:
            return base
        meta = {name: value for name, value in base.meta.items() if name != DEPENDENCIES}
        if draft.dependencies:
            meta[DEPENDENCIES] = json.dumps(draft.dependencies, sort_keys=True)
        return replace(base, meta=meta, modules=draft.modules)

    def to_row(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def digest(self) -> str:
        """Names the content: a restored version has the digest of the original."""
        text = json.dumps(self.to_row(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
