"""The Run of a draft or a version: the console calls the executor as anyone would, with a grant that names it."""

import base64
import re
from dataclasses import dataclass, field

from console.accounts.models import User
from console.problems import Invalid
from console.webtasks.calls import console_host, patience, send
from console.webtasks.deployments import grant, vouch
from console.webtasks.guards import PUBLIC
from console.webtasks.models import Draft, Version, Webtask
from executor.contract import (
    GRANT_HEADER,
    INVOCATION_HEADER,
    RUN_PREFIX,
    SOURCE_HEADER,
    TIMING_HEADER,
    VERSION_HEADER,
)

MAX_BODY = 1024 * 1024
_PART = re.compile(r"(\w+);dur=(\d+(?:\.\d+)?)")
_PARTS = {"ask", "queue", "start", "run"}
# Ours to write, whatever the person wrote.
_OURS = frozenset({"host", GRANT_HEADER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as the person wrote it. `path` follows the webtask's name: "", "/x", "?q=1" or "/x?q=1"."""

    method: str = "GET"
    path: str = ""
    headers: list[list[str]] = field(default_factory=list)
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Milliseconds until the answer began, as the executor measured them: it asked what to run, waited for a place, started
    a worker; then the code ran."""

    ask: float
    queue: float
    start: float
    run: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: str
    body_encoding: str
    truncated: bool
    milliseconds: float
    invocation: str
    label: str
    source: str
    timing: Timing | None


def grant_of(webtask: Webtask, user: User, version: Version | None = None) -> str:
    """For `version`; without one for `user`'s saved draft, or the live version when they have none."""
    draft = None if version else Draft.objects.filter(webtask=webtask, user=user).first()
    shut = webtask.paused or webtask.guard != PUBLIC
    target = version or draft or (webtask.live if shut else None)
    return grant(webtask, target) if target else vouch(webtask)


def run(webtask: Webtask, user: User, call: Call, *, version: Version | None = None) -> Outcome:
    """As grant_of says. Raises Invalid, Unreachable."""
    headers = [(name, value) for name, value in call.headers if name.strip().lower() not in _OURS]
    headers.append(("host", console_host()))
    headers.append((GRANT_HEADER, grant_of(webtask, user, version)))
    answer = send(
        call.method,
        f"{RUN_PREFIX}{webtask.team.slug}/{webtask.name}{call.path}",
        headers,
        _bytes(call.body),
        patience=patience(webtask),
        most=MAX_BODY,
    )
    text, encoding = _text(answer.body)
    return Outcome(
        status=answer.status,
        reason=answer.reason,
        headers=[(name, value) for name, value in answer.headers if name.lower() != TIMING_HEADER],
        body=text,
        body_encoding=encoding,
        truncated=answer.truncated,
        milliseconds=answer.milliseconds,
        invocation=answer.header(INVOCATION_HEADER),
        label=answer.header(VERSION_HEADER),
        source=answer.header(SOURCE_HEADER),
        timing=_timing(answer.header(TIMING_HEADER)),
    )


def _timing(line: str) -> Timing | None:
    """None of an answer that the code did not give."""
    found = {name: float(value) for name, value in _PART.findall(line)}
    return Timing(**found) if found.keys() == _PARTS else None


def _bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise Invalid(f"The request cannot be sent: {error}") from error


def _text(body: bytes) -> tuple[str, str]:
    try:
        return body.decode(), "utf-8"
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), "base64"
