"""A net under every test of the console: no request writes without an audit event in the same transaction.

It sees the statements that reach the database, so it does not matter by which of Django's ways they were made. What is
outside of a request, tests' own preparations above all, is not looked at.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.signals import request_finished, request_started

TRAIL = "accounts_auditevent"
# Tables that are no team's and no person's deeds, or are the record of something themselves.
EXEMPT = {
    "webtasks_draft": "a person's own notes, saved at each pause in typing",
    "webtasks_logline": "a log",
    "webtasks_invocation": "a log",
    "webtasks_tally": "a log",
    "webtasks_egresscall": "a log",
    "webtasks_securityevent": "a log",
    "webtasks_executor": "what an executor says of itself",
    "deliveries_delivery": "a caller's request, not a member's deed; who replays one is asked for by name",
    "schedules_firing": "a log",
    "modules_install": "what several teams share; what a webtask has of it is recorded with the webtask",
    "jobs_job": "work to be done",
    "accounts_remembered": "known for a while only",
    "django_session": "where a browser keeps its place; signing in and out are recorded",
    "usersessions_usersession": "when and from where a session was last used",
    "oauth2_provider_idtoken": "never made",
}
# Columns of other tables.
EXEMPT_COLUMNS = {
    ("accounts_token", "last_used_at"): "to the minute; each use would be an event",
    ("accounts_user", "last_login"): "signing in is recorded",
    ("mfa_authenticator", "last_used_at"): "signing in is recorded",
    (
        "mfa_authenticator",
        "data",
    ): "which codes were used or shown; signing in, and another name, are recorded",
}
# Of one table by one address.
EXEMPT_WORK = {
    ("POST /internal/calls", "storage_document"): "a webtask's own code keeps its document",
    (
        "GET /signin/oidc/callback",
        "socialaccount_socialaccount",
    ): "what a provider said last; the library saves it each"
    " time, with no transaction around its questions to the provider. That one was connected is recorded beside it",
    ("GET /signin/oidc/callback", "accounts_user"): "the library saves whom it found, as they were",
}
_WRITE = re.compile(
    r'\s*(?:INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE(?: OR \w+)?|DELETE FROM) "(\w+)"(.*)', re.DOTALL
)
_SAVEPOINT = re.compile(r'(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT) ["`]?(\w+)')
_SET = re.compile(r" SET (.*?)(?: WHERE |$)", re.DOTALL)
_COLUMN = re.compile(r'"(\w+)" = ')


@dataclass
class Part:
    """Of a transaction: what a savepoint holds."""

    name: str
    tables: set[str] = field(default_factory=set)


@dataclass
class Net:
    """An execute_wrapper. `caught` are transactions that wrote and were not recorded, each as what and where."""

    caught: list[str] = field(default_factory=list)
    _what: str = ""
    _parts: list[Part] = field(default_factory=list)
    _thread: int = field(default_factory=threading.get_ident)

    @contextmanager
    def spread(self) -> Iterator[None]:
        request_started.connect(self._begin)
        request_finished.connect(self._end)
        try:
            yield
        finally:
            request_started.disconnect(self._begin)
            request_finished.disconnect(self._end)

    @contextmanager
    def watching(self, what: str) -> Iterator[None]:
        """As if it were a request."""
        self._what, self._parts = what, []
        try:
            yield
        finally:
            self._close(0)
            self._what = ""

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, *more: Any) -> Any:
        done = execute(sql, params, *more)
        if self._what and isinstance(sql, str):
            self._see(sql)
        return done

    def _begin(self, environ: Any = None, **_: Any) -> None:
        if environ and threading.get_ident() == self._thread:
            self._what, self._parts = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}", []

    def _end(self, **_: Any) -> None:
        if threading.get_ident() == self._thread:
            self._close(0)
            self._what = ""

    def _see(self, sql: str) -> None:
        if point := _SAVEPOINT.match(sql):
            self._move(*point.groups())
        elif sql.startswith("BEGIN"):
            self._close(0)
            self._parts.append(Part(""))
        elif write := _WRITE.match(sql):
            self._write(*write.groups())

    def _move(self, verb: str, name: str) -> None:
        if verb == "SAVEPOINT":
            self._parts.append(Part(name))
            return
        found = [number for number, part in enumerate(self._parts) if part.name == name]
        if verb == "RELEASE SAVEPOINT" and found:
            self._close(found[-1])
        elif found:
            del self._parts[found[-1] + 1 :]
            self._parts[-1].tables.clear()

    def _write(self, table: str, rest: str) -> None:
        wrote = {table} - EXEMPT.keys()
        if (sets := _SET.match(rest)) and wrote:
            columns = {(table, column) for column in _COLUMN.findall(sets[1])}
            wrote = set() if columns <= EXEMPT_COLUMNS.keys() else wrote
        if self._parts:
            self._parts[-1].tables |= wrote
        else:
            self._judge(wrote)

    def _close(self, first: int) -> None:
        """All from this part on are one, and belong to the part before, or are committed."""
        tables = set[str]().union(*(part.tables for part in self._parts[first:]))
        del self._parts[first:]
        if self._parts:
            self._parts[-1].tables |= tables
        else:
            self._judge(tables)

    def _judge(self, tables: set[str]) -> None:
        tables = {table for table in tables if (self._what, table) not in EXEMPT_WORK}
        if tables and TRAIL not in tables:
            self.caught.append(f"{self._what} writes {', '.join(sorted(tables))}")
