"""The Run of a draft: the console calls the executor as anyone would, with a grant that names the draft."""

import base64
from dataclasses import dataclass, field

from console.accounts.models import User
from console.problems import Invalid
from console.webtasks.calls import console_host, patience, send
from console.webtasks.deployments import grant
from console.webtasks.models import Draft, Webtask
from executor.contract import GRANT_HEADER, INVOCATION_HEADER, RUN_PREFIX, SOURCE_HEADER, VERSION_HEADER

MAX_BODY = 1024 * 1024
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


def run(webtask: Webtask, user: User, call: Call) -> Outcome:
    """Runs `user`'s saved draft, or the live version without one. Raises Invalid, Unreachable."""
    draft = Draft.objects.filter(webtask=webtask, user=user).first()
    headers = [(name, value) for name, value in call.headers if name.strip().lower() not in _OURS]
    headers.append(("host", console_host()))
    if draft:
        headers.append((GRANT_HEADER, grant(webtask, draft)))
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
        headers=answer.headers,
        body=text,
        body_encoding=encoding,
        truncated=answer.truncated,
        milliseconds=answer.milliseconds,
        invocation=answer.header(INVOCATION_HEADER),
        label=answer.header(VERSION_HEADER),
        source=answer.header(SOURCE_HEADER),
    )


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
