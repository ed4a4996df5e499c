"""What a guest's call and its result look like: a line of JSON, then bytes that only the two ends read.

Both sides speak of it; imports nothing of the project.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_HEAD = 4096


class BadCall(Exception):
    """It is none; the text says why."""


@dataclass(frozen=True, slots=True)
class Call:
    what: str
    args: Mapping[str, Any]
    body: bytes


def read(data: bytes) -> Call:
    """Of anything a guest may have sent. Raises BadCall."""
    line, _, body = data.partition(b"\n")
    if len(line) > MAX_HEAD:
        raise BadCall(f"the call's first line has more than {MAX_HEAD} bytes")
    try:
        args = json.loads(line)
    except (ValueError, RecursionError):
        raise BadCall("the call's first line is no JSON") from None
    if not isinstance(args, dict) or not isinstance(args.get("what"), str):
        raise BadCall("the call does not say what it wants")
    return Call(args.pop("what"), args, body)


def pack(head: Mapping[str, Any], body: bytes = b"") -> bytes:
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + body
