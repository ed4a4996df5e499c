"""A request on its way to a webtask's code: past the pause, the guard, its token's rates and its team's limits."""

from collections.abc import Iterable

from executor.admission import Account, TooMany
from executor.contract import Deployment
from executor.edge.exchange import Exchange
from executor.edge.gate import Entry
from executor.edge.services import Services
from executor.pool.pool import PoolBusy
from executor.rates import TooFast
from executor.router import Target
from executor.source import Refused

# When a paused webtask may be asked again.
PAUSE_SECONDS = 60


class Admitted(Exchange):
    # It counts for the rates that its token sets.
    counts = True
    # It can be kept until the webtask goes on.
    outlasts_pause = False

    services: Services
    target: Target
    # Of the class while they say nothing: most requests meet no guard.
    _account: Account | None = None
    _entry: Entry | None = None
    # The code has it, or the console keeps it.
    _handed_over = False

    @property
    def vouched(self) -> bool:
        """The console has signed that it may come in."""
        return False

    @property
    def _shown_to_us(self) -> bool:
        """The token that it came with was for the guard, and is nothing for the code."""
        return self._entry is not None and self._entry.token is not None

    async def _enter(self, deployment: Deployment) -> None:
        """Before anything is spent on it. Raises Refused, Unreachable, TooFast."""
        if deployment.paused and not self.outlasts_pause:
            text = f"{deployment.team}/{deployment.webtask} is paused by its team. Try again later."
            raise Refused(503, text, (("retry-after", str(PAUSE_SECONDS)),))
        if not self.vouched:
            self._entry = self._entry or Entry(
                request=self.request, target=self.target, id=self.id, body=self._signed_body
            )
            await self.services.gate.let_in(self._entry, deployment)

    async def _signed_body(self, deployment: Deployment) -> Iterable[bytes]:
        """All of it, in pieces, which are kept for the worker. Raises Refused."""
        raise NotImplementedError

    def _check_host(self, deployment: Deployment) -> None:
        """Whoever points a domain at us must not get others' webtasks under it. Raises Refused."""
        host = self.target.host
        if host and host != deployment.host:
            raise Refused(404, f"{host} is not the domain of {deployment.team}/{deployment.webtask}")

    def _turn_away(self, error: TooFast | TooMany | PoolBusy) -> None:
        retry = error.retry if isinstance(error, TooFast) else 1
        # In the original's words where its clients know some.
        before = "rejecting request of a tenant under quarantine: " if isinstance(error, TooMany) else ""
        self.refuse(429, f"{before}{error}", headers=(("retry-after", str(retry)),))

    def _admit(self, deployment: Deployment) -> None:
        """Once for each request. Raises TooFast, TooMany."""
        if self._account is None:
            if deployment.rates and self.counts:
                self.services.rates.enter(deployment)
            try:
                self._account = self.services.admission.enter(deployment.team, deployment.limits)
            except TooMany as error:
                self.services.pool.turn_away(deployment, error.limit)
                raise

    def _depart(self) -> None:
        account, self._account = self._account, None
        if account is not None:
            account.leave()
        if self._entry is not None:
            done = self._handed_over and not self.disconnected
            self.services.gate.settle(self._entry, self.status if done else 0)
