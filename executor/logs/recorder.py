"""What is kept of finished requests: every one is counted in a Tally, and some are kept whole beside it.

To store a request costs more than to serve it, so whoever answers thousands a second has most of them counted only.
"""

import asyncio
from collections.abc import Callable
from time import monotonic

from executor.contract import Deployment
from executor.logs.account import Account
from executor.logs.line import Invocation, epoch_ms
from executor.logs.outbox import Outbox
from executor.logs.record import Origin

WINDOW_MS = 10_000


class Recorder:
    def __init__(
        self, outbox: Outbox, *, now: Callable[[], float] = monotonic, date: Callable[[], float] = epoch_ms
    ) -> None:
        """`now` in seconds, `date` in epoch milliseconds."""
        self._outbox = outbox
        self._now = now
        self._date = date
        self._accounts: dict[tuple[str, str | None, str], Account] = {}
        self._since = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def count(self, deployment: Deployment, status: int, ms: float) -> Origin | None:
        """A request has ended. Its origin, when it is to be kept whole as well."""
        account = self._accounts.get((deployment.team, deployment.webtask, deployment.label))
        if account is None or not account.requests:
            account = self._open(deployment, account)
        # A clock that was set back makes no answer quicker than at once.
        account.count(status, max(ms, 0.0))
        if account.spare(status, self._now()) and not self._outbox.full:
            return account.origin
        account.thin()
        return None

    def keep(self, invocation: Invocation) -> None:
        """Of what `count` gave an origin for."""
        self._outbox.put(invocation)

    def close_window(self) -> None:
        """Sends off what was counted. While the outbox takes nothing windows grow longer: no count is ever lost."""
        until = max(self._window(), self._since + WINDOW_MS)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for key, account in list(self._accounts.items()):
            if not account.requests:
                # By now its allowance is whole again: a new account is the same.
                del self._accounts[key]
            elif not self._outbox.full:
                self._outbox.put(account.tally(until))
                account.open(until)
        if self._accounts:
            self._start_window(until)

    def _open(self, deployment: Deployment, account: Account | None) -> Account:
        """The account of a webtask that had no request in this window yet."""
        if self._timer is None:
            self._start_window(self._window())
        if account is None:
            origin = Origin(deployment.team, deployment.webtask, deployment.label)
            account = self._accounts[origin.team, origin.webtask, origin.label] = Account(origin, self._now())
        account.since = self._since
        return account

    def _window(self) -> float:
        """Where the one that is now starts. All executors' start alike, so that theirs can be added up."""
        return self._date() // WINDOW_MS * WINDOW_MS

    def _start_window(self, since: float) -> None:
        self._since = since
        # A clock that was set back must not make us wait for it to come here again.
        left = min(max(since + WINDOW_MS - self._date(), 0.0), WINDOW_MS)
        self._timer = asyncio.get_running_loop().call_later(left / 1000, self.close_window)
