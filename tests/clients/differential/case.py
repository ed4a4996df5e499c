"""One row of the table: code, its settings, one request; and where we differ from webtask-runtime on purpose."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CONTAINER = "acme"

# Why an answer may differ. Each is a promise of protocol.md or of this project's documentation.
DOCUMENTED_STACK = "the error body carries the stack, as documented; the local runtime loses it"
DOCUMENTED_STATUS = "err.statusCode is the answer's status, as documented; the local runtime always says 400"
COMPILATION = (
    "the documented body of a failed compilation, `Compilation failed: …`; the local runtime has its own"
)
NO_PARAMS_HEADER = "the internal header x-wt-params, secrets and token in it, is kept from user code"
UNREAD_BODY = "with three parameters the body is left to the code; the local runtime reads it first"
ERRORS_ONLY = (
    "name, message and stack are those of Errors, as documented; the local runtime takes any object's"
)
ANSWERS_CRASH = "an uncaught exception is answered by the table; the local runtime ends without an answer"
MODERN = "Node runs the code as it is; the local runtime translates `use latest` by Babel 6, which knows less"
STORAGE_CODE = "a conflict has code 409, as documented; the local runtime leaves it out"
SERIALISED = "what JSON cannot say is `{}`; the local runtime writes an empty answer"
ARRAYS = "arrays are no objects to merge; the local runtime merges their indexes"
UNSET = "a key counts as set when it is there, as the claim says; the local runtime overwrites falsy values"


@dataclass(frozen=True, kw_only=True)
class Case:
    """`differs` names what differs of the answer and why: "status", "header.x", "body.a.0", or all below "body"."""

    name: str
    code: str
    method: str = "GET"
    path: str = ""
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    params: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, str] = field(default_factory=dict)
    pb: int | None = None
    mb: int = 0
    times: int = 1  # the last answer counts
    differs: Mapping[str, str] = field(default_factory=dict)

    @property
    def webtask(self) -> str:
        return re.sub("[^a-zA-Z0-9]+", "-", self.name)

    @property
    def target(self) -> str:
        query = f"?{self.query}" if self.query else ""
        return f"/api/run/{CONTAINER}/{self.webtask}{self.path}{query}"


def posted(**body: str) -> dict[str, Any]:
    """A form, JSON or text body, by keyword: `form="a=1"`."""
    types = {"form": "application/x-www-form-urlencoded", "json": "application/json", "text": "text/plain"}
    ((kind, text),) = body.items()
    return {"method": "POST", "headers": {"content-type": types[kind]}, "body": text.encode()}
