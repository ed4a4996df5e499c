"""A run of a named webtask: as it is live, in one of its versions, or in the caller's own draft."""

from executor.admission import TooMany
from executor.contract import GRANT_HEADER, Deployment
from executor.edge.credentials import bearer
from executor.edge.exchange import Connection
from executor.edge.gate import NOT_KEPT
from executor.edge.moved import is_redirected, location
from executor.edge.request import Request
from executor.edge.services import Services
from executor.edge.streamed import StreamedRun
from executor.edge.timing import Timing
from executor.pool.pool import PoolBusy
from executor.rates import TooFast
from executor.router import Target
from executor.source import Refused
from executor.visitors import Shown, Visitor
from executor.visits import Visit


class NamedRun(StreamedRun):
    # Whoever is told that the team has another name can follow.
    may_redirect = True

    def __init__(self, connection: Connection, request: Request, services: Services, target: Target) -> None:
        super().__init__(connection, request, services, target)
        assert target.webtask is not None
        self._webtask = target.webtask
        self._grant = request.header(GRANT_HEADER.encode())
        if self._grant is not None:
            self.timing = Timing()
        # Whose draft it is, and by what they showed that.
        self._author: Visitor | None = None
        self._author_visit: Visit | None = None

    @property
    def vouched(self) -> bool:
        # What is no grant of this console's is refused when the console is asked.
        return self._grant is not None or self._author is not None

    @property
    def _shown_to_us(self) -> bool:
        return self._author is not None or super()._shown_to_us

    def start(self) -> None:
        deployment = None
        if self._grant is None and not self.target.draft:
            deployment = self.services.source.remembered(self.target.team, self._webtask)
        if deployment is None or deployment.guarded or deployment.remotes or self._is_foreign(deployment):
            self._launch()
            return
        try:
            self._admit(deployment)
            worker = self.services.pool.find(deployment)
        except (TooFast, TooMany, PoolBusy) as error:
            self._turn_away(error)
            return
        if worker is None:
            self._launch()
        else:
            self._open(worker, deployment)

    async def _resolve(self) -> Deployment:
        source, team = self.services.source, self.target.team
        if self._grant is not None:
            return await source.granted(team, self._webtask, self._grant)
        if self.target.draft:
            return await self._own_draft()
        deployment = source.remembered(team, self._webtask) or await source.deployment(team, self._webtask)
        self._check_host(deployment)
        if self._has_moved(deployment):
            text = f"the container {team} is named {deployment.team} now"
            there = location(self.request, self.target, deployment.team)
            # Not to be remembered: the team may take the name back.
            self.refuse(308, text, headers=(("location", there), ("cache-control", "no-store")))
            raise Refused(308, text)  # which finds it answered
        return deployment

    async def _own_draft(self) -> Deployment:
        """Of whoever shows a token that may see the code and run it. Raises Refused, Unreachable, TooFast."""
        name = f"{self.target.team}/{self._webtask}"
        token = bearer(self.request)
        if token is None:
            text = f"{name}@draft is for whoever shows their own token: send “Authorization: Bearer …”."
            raise Refused(401, text, (("www-authenticate", f'Bearer realm="{name}@draft"'), NOT_KEPT))
        shown = Shown("draft", token)
        visitors, method = self.services.gate.visitors, self.request.method
        author = await visitors.admit(self.target.team, self._webtask, shown, method=method)
        if self._author is None and author.rates:
            self.services.rates.enter(author)
        self._author = author
        self._author_visit = Visit(self.target.team, self._webtask, method, shown)
        deployment = await self.services.source.granted(self.target.team, self._webtask, author.grant)
        self._check_host(deployment)
        return deployment

    def _is_foreign(self, deployment: Deployment) -> bool:
        """Asked for by a name of the host or of the team that it does not have."""
        elsewhere = bool(self.target.host) and self.target.host != deployment.host
        return elsewhere or self._has_moved(deployment)

    def _has_moved(self, deployment: Deployment) -> bool:
        return deployment.team != self.target.team and self.may_redirect and is_redirected(self.request)
