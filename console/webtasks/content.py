"""What is published: the code and everything that belongs to it rather than to the webtask."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from console.webtasks.models import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """`url` is where the code lives, when it is not `code`. The settings are those of the protocol:

    `params` (claim `pctx`), `parse_body` (`pb`: 0 never, 1 always, 2 or None by arity), `merge_body` (`mb`), `host`.
    """

    code: str = ""
    url: str = ""
    runtime: str = "node"
    meta: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    parse_body: int | None = None
    merge_body: int = 1
    host: str = ""

    @classmethod
    def of(cls, version: "Version") -> Self:
        return cls(**{row.name: getattr(version, row.name) for row in fields(cls)})

    def to_row(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def digest(self) -> str:
        """Names the content: a restored version has the digest of the original."""
        text = json.dumps(self.to_row(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
