"""What came from outside, made so that any database takes it."""

from typing import Any


def text(value: Any, length: int) -> str:
    """Half a surrogate pair has no UTF-8, and Postgres stores no NUL."""
    return str(value).replace("\0", "\ufffd").encode("utf-8", "replace").decode()[:length]
