"""What came from outside, made so that any database takes it."""

import json
from typing import Any, NoReturn

from console.problems import Invalid


def text(value: Any, length: int) -> str:
    """Half a surrogate pair has no UTF-8, and Postgres stores no NUL."""
    # Most is plain, and every value of every row comes through here.
    if type(value) is str and value.isascii() and "\0" not in value:
        return value[:length]
    return str(value).replace("\0", "\ufffd").encode("utf-8", "replace").decode()[:length]


def json_object(text: str) -> dict[str, Any]:
    """Of a text that says to be one. Raises Invalid."""
    try:
        found = json.loads(text, parse_constant=no_number)
        # Half a surrogate pair can be written in JSON, and stored nowhere.
        # And 1e999 is Infinity by then.
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise Invalid("The body is not valid JSON.") from None
    if not isinstance(found, dict):
        raise Invalid("Send a JSON object.")
    return found


def no_number(name: str) -> NoReturn:
    """For `parse_constant` of json: Infinity, -Infinity and NaN."""
    raise ValueError(f"{name} is no number of JSON")
