"""What differs between two contents besides their texts, which people compare line by line."""

from collections.abc import Mapping
from typing import Any, TypedDict

from console.webtasks.content import DEPENDENCIES, Content

# Of a content: what is neither text, nor named one by one below.
_SETTINGS = ("runtime", "url", "host", "parse_body", "merge_body")


class Difference(TypedDict):
    """None where there is nothing of that name."""

    name: str
    before: str | None
    after: str | None


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Of named values, by name."""
    return [
        {"name": name, "before": _text(before.get(name)), "after": _text(after.get(name))}
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def settings_between(before: Content, after: Content) -> list[Difference]:
    """The protocol's settings and what meta says; packages have a list of their own."""
    return between(_settings(before), _settings(after))


def params_between(before: Content, after: Content) -> list[str]:
    """Names: a value may be what somebody should have made a secret."""
    return [row["name"] for row in between(before.params, after.params)]


def _settings(content: Content) -> dict[str, Any]:
    meta = {f"meta {name}": value for name, value in content.meta.items() if name != DEPENDENCIES}
    # "" says the same as nothing at all.
    own = {name: getattr(content, name) for name in _SETTINGS if getattr(content, name) not in ("", None)}
    return {**own, **meta}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
