"""What a guest says of its answer, read with suspicion: the payload of HEAD, and the trailers of END."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from executor.pool.stream import SWITCHING

Head = tuple[int, str, Sequence[str], str]  # status, reason, [name, value, …], source

# Answers repeat themselves: the reading of a payload this small is kept for the next like it.
MAX_KEPT = 1024


def read_head(payload: bytes, *, offers: bool = False) -> Head:
    """`offers`: the request offered another protocol. Raises ValueError on any other shape."""
    return _read(payload, offers) if len(payload) > MAX_KEPT else _kept(payload, offers)


def _read(payload: bytes, offers: bool) -> Head:
    try:
        status, reason, headers, source = json.loads(payload)
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"HEAD is not a list of four: {error}") from error
    known = type(status) is int and (200 <= status <= 599 or (offers and status == SWITCHING))
    if not known or not isinstance(reason, str):
        raise ValueError(f"HEAD with status {status!r}")
    if source not in ("webtask", "compiler"):
        raise ValueError("HEAD with an unknown source")
    return status, reason, read_pairs(headers), source


_kept = lru_cache(maxsize=1024)(_read)


def read_pairs(value: Any) -> Sequence[str]:
    """A flat list of names and values. Raises ValueError."""
    if not isinstance(value, list) or len(value) % 2 or not all(isinstance(item, str) for item in value):
        raise ValueError("headers are not a flat list of strings")
    return tuple(value)
