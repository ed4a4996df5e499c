"""A run of a named webtask."""

from executor.admission import TooMany
from executor.contract import GRANT_HEADER, Deployment
from executor.edge.exchange import Connection
from executor.edge.request import Request
from executor.edge.run import Services
from executor.edge.streamed import StreamedRun
from executor.pool.pool import PoolBusy
from executor.rates import TooFast
from executor.router import Target


class NamedRun(StreamedRun):
    def __init__(self, connection: Connection, request: Request, services: Services, target: Target) -> None:
        super().__init__(connection, request, services, target)
        assert target.webtask is not None
        self._webtask = target.webtask
        self._grant = request.header(GRANT_HEADER.encode())

    def start(self) -> None:
        deployment = None
        if self._grant is None:
            deployment = self.services.source.remembered(self.target.team, self._webtask)
        foreign = deployment is not None and self.target.host and self.target.host != deployment.host
        if deployment is None or deployment.remotes or foreign:
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
        deployment = source.remembered(team, self._webtask) or await source.deployment(team, self._webtask)
        self._check_host(deployment)
        return deployment
