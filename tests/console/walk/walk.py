"""Who tried what, how they fared, and how they should have: what differs is a hole, or a row that lies."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client

from console.accounts.needs import Beyond
from console.accounts.roles import Action
from tests.console.walk.walker import Law, Walker

# What an answer comes to. FAILED is never right.
IN, FORBIDDEN, ABSENT, UNSIGNED, UNKNOWN, FAILED = (
    "in",
    "forbidden",
    "absent",
    "unsigned",
    "unknown",
    "failed",
)
_REFUSALS = {
    (401, "not-signed-in"): UNSIGNED,
    (401, "unknown-token"): UNKNOWN,
    (403, "forbidden"): FORBIDDEN,
    (404, "absent"): ABSENT,
}


@dataclass(frozen=True)
class Row:
    """One way in, of the webtask `webtask` of acme or of all the team. `steps` are asked for in turn, each with what becomes of
    whoever lacks it."""

    method: str
    path: str
    what: Action | Beyond
    body: Any = None
    steps: tuple[tuple[Action, str], ...] = ()
    webtask: str | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.what})"


def row(method: str, path: str, what: Action | Beyond, body: Any = None, *before: tuple[Action, str]) -> Row:
    if isinstance(what, Action) and what not in dict(before):
        before = (*before, (what, FORBIDDEN))
    _, of_webtask, rest = path.partition("/acme/webtasks/")
    return Row(method, path, what, body, before, rest.split("/")[0] if of_webtask else None)


@dataclass(frozen=True)
class Attempt:
    walker: Walker
    row: Row
    outcome: str

    def right(self, law: Law) -> bool:
        return self.outcome == expected(self.walker, self.row, law)

    def __str__(self) -> str:
        return f"{self.walker}: {self.row} → {self.outcome}, not {expected(self.walker, self.row, Law())}"


def walk(walkers: Iterable[Walker], rows: Sequence[Row]) -> list[Attempt]:
    """What is for anyone is tried by those who have least."""
    return [
        Attempt(walker, row, attempt(walker, row))
        for walker in walkers
        for row in rows
        if row.what != Beyond.ANYONE or not walker.signed_in
    ]


def attempt(walker: Walker, row: Row) -> str:
    return outcome(undone(lambda: call(walker.client, row, walker.user)))


def undone(deed: Callable[[], Any]) -> Any:
    """What it answers; what it wrote is taken back, so that the next finds all as it was."""
    with transaction.atomic():
        answer = deed()
        transaction.set_rollback(True)
    return answer


def call(client: Client, row: Row, user: int | None = None) -> Any:
    headers = {"if-none-match": "*"} if row.path.endswith("/draft") else {}
    send = getattr(client, row.method)
    path = row.path.replace("OWN", f"own{user}")
    answer = send(path, row.body, content_type="application/json", headers=headers)
    if answer.streaming:
        # It is asked and written until it is read.
        answer.getvalue()
    return answer


def outcome(answer: Any) -> str:
    if answer.status_code == 500:
        return FAILED
    if answer.status_code not in (401, 403, 404):
        return IN
    found = answer.status_code, answer.json()["id"]
    return _REFUSALS.get(found, f"{found}")


def expected(walker: Walker, row: Row, law: Law) -> str:
    """By the table alone."""
    if row.what == Beyond.ANYONE:
        return IN
    if walker.key and not walker.key.stands:
        return UNKNOWN
    if not walker.signed_in:
        return UNSIGNED
    if walker.key and walker.key.methods is not None and row.method.upper() not in walker.key.methods:
        return FORBIDDEN
    return _beyond(walker, row.what) if isinstance(row.what, Beyond) else _by_role(walker, row, law)


def _beyond(walker: Walker, what: Beyond) -> str:
    by_oneself = walker.key is None
    let_in = what == Beyond.SELF or (by_oneself and (walker.staff or what == Beyond.PERSON))
    return IN if let_in else FORBIDDEN


def _by_role(walker: Walker, row: Row, law: Law) -> str:
    may = walker.with_webtask(row.webtask, law) if row.webtask else walker.in_team(law)
    if may is None:
        return ABSENT
    return next((refusal for action, refusal in row.steps if action not in may), IN)
