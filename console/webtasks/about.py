"""What a team says of a webtask: a description of one line, and tags to find it by."""

import re
from dataclasses import asdict, dataclass
from typing import Any, Self

from django.db.models import Q

from console.problems import Invalid
from console.webtasks.models import Webtask

MAX_DESCRIPTION = 200
MAX_TAGS = 10
_TAG = re.compile(r"[a-z0-9-]{1,30}")
# What ends a line or is no text (control characters, halves of surrogate pairs), and what makes a line read as another
# one: marks that turn its direction.
_UNPLAIN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    description: str = ""
    tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, webtask: Webtask) -> Self:
        return cls(description=webtask.description, tags=tuple(webtask.tags.split()))

    def normal(self) -> Self:
        """Without space around it; each tag once, in order. Raises Invalid."""
        return type(self)(description=_description(self.description), tags=_tags(self.tags))

    def to_row(self) -> dict[str, str]:
        tags = f" {' '.join(self.tags)} " if self.tags else ""
        return {"description": self.description, "tags": tags}

    def told(self) -> dict[str, Any]:
        """What there is of it, as the audit trail has it."""
        return {name: value for name, value in asdict(self).items() if value}


def tagged(tag: str) -> Q:
    """Finds the webtasks that have it: none for what is no tag."""
    return Q(tags__contains=f" {tag} ") if _TAG.fullmatch(tag) else Q(pk__in=[])


def _description(text: str) -> str:
    text = text.strip()
    if len(text) > MAX_DESCRIPTION:
        raise Invalid(
            f"The description has {len(text):,} characters; the limit is {MAX_DESCRIPTION}.",
            field="description",
        )
    if found := _UNPLAIN.search(text):
        raise Invalid(
            f"The description is one line of plain text: character {found.start() + 1} (U+{ord(found[0]):04X})"
            " cannot be in it.",
            field="description",
        )
    return text


def _tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    for tag in tags:
        if not _TAG.fullmatch(tag):
            raise Invalid(f"“{tag[:80]}” is no tag: use 1 to 30 of a to z, 0 to 9 and -.", field="tags")
    if len(set(tags)) > MAX_TAGS:
        raise Invalid(f"There are {len(set(tags)):,} tags; the limit is {MAX_TAGS}.", field="tags")
    return tuple(sorted(set(tags)))
