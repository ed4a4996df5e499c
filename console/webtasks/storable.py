"""What came from outside, made so that any database takes it."""

from typing import Any


def text(value: Any, length: int) -> str:
    """Half a surrogate pair has no UTF-8, and Postgres stores no NUL."""
    # Most is plain, and every value of every row comes through here.
    if type(value) is str and value.isascii() and "\0" not in value:
        return value[:length]
    return str(value).replace("\0", "\ufffd").encode("utf-8", "replace").decode()[:length]
