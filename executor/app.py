"""The executor's parts, made and joined once, started and stopped in order."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn

from executor.admission import Admission
from executor.calls import Calls
from executor.config import Config, ConfigError
from executor.doctor import Doctor
from executor.edge.gate import Gate
from executor.edge.holding import Holding
from executor.edge.notices import Notices
from executor.edge.protocol import EdgeProtocol
from executor.edge.proxies import Proxies
from executor.edge.relay import Upstream
from executor.edge.services import Services
from executor.egress.gateway import Gateway
from executor.egress.ports import listened_on
from executor.fetch import Fetcher
from executor.link import Link
from executor.logs.outbox import Outbox
from executor.logs.recorder import Recorder
from executor.modules import store
from executor.pool.pool import Pool, Size
from executor.rates import Rates
from executor.remote import Remote
from executor.report import Report
from executor.runtimes import node
from executor.runtimes.selftest import SelfTestFailed
from executor.sandbox import survey
from executor.sandbox.launcher import Launcher
from executor.source import Source
from executor.visitors import Visitors
from executor.visits import Visits

log = logging.getLogger("executor")

# Requests under way at SIGTERM get this long; with the console's own steps the whole stays under 5 s.
DRAIN_SECONDS = 2.0
FLUSH_SECONDS = 1.0


class ZygoteGone(Exception):
    """Without the process that makes sandboxes nothing can be served; a fresh start makes a new one."""


class Server(uvicorn.Server):
    """uvicorn without its signal handling: the executor's own order of stopping decides."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class App:
    """uvicorn hands this object to each connection's EdgeProtocol as its "application"."""

    def __init__(
        self, config: Config, launcher: Launcher, *, modules: Path, doctor: Doctor, report: Report
    ) -> None:
        """`modules` is where the launcher's sandboxes find packages."""
        self.config = config
        self.upstream = upstream(config)
        self.proxies = Proxies(config.trusted_proxies)
        self.outbox = Outbox()
        self.recorder = Recorder(self.outbox)
        self.source = Source(config, modules)
        self.calls = Calls(config)
        self.launcher = launcher
        self.pool = Pool(
            launcher,
            size=Size(
                blank=config.pool_size,
                workers=config.max_workers,
                memory=config.memory_budget,
                requests=config.recycle_requests,
            ),
            memory=config.worker_memory,
            emit=self.outbox.put,
            gateway=Gateway(private=config.egress_private, emit=self.outbox.put),
            ask=self.calls.ask,
        )
        closed = config.egress_ports == ()
        self.remote = Remote(Fetcher(private=config.egress_private, closed=closed), self.outbox)
        self.rates = Rates()
        self.services = Services(
            self.pool,
            self.source,
            self.recorder,
            Admission(),
            self.remote,
            self.rates,
            Holding(),
            Gate(Visitors(self.source), self.rates, Notices(self.outbox.put)),
            Visits(self.source),
        )
        self.link = Link(
            config,
            pool=self.pool,
            source=self.source,
            outbox=self.outbox,
            doctor=doctor,
            report=report,
        )
        self.link.on_purge = self.remote.purge
        self.link.on_standings = self._ask_again
        self.link.answers["rates"] = self.rates.answer

    def _ask_again(self) -> None:
        """Somebody may do less than before: who comes, and who is there."""
        self.services.gate.visitors.forget()
        self.services.visits.look()

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        """Never called: EdgeProtocol starts exchanges, not ASGI tasks. uvicorn wants a callable of three."""
        raise NotImplementedError

    async def serve(self, listener: socket.socket, stop: asyncio.Event) -> None:
        """Serves until `stop` is set, then drains. Raises ZygoteGone when no sandbox can be made any more."""
        server = Server(
            uvicorn.Config(
                self,
                http=EdgeProtocol,
                ws="none",
                lifespan="off",
                interface="asgi3",
                proxy_headers=False,
                server_header=False,
                access_log=False,
                log_config=None,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=int(DRAIN_SECONDS),
            )
        )
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        self.pool.start()
        linking = asyncio.create_task(self.link.run())
        ends = (serving, asyncio.create_task(stop.wait()), asyncio.create_task(self.launcher.gone.wait()))
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        gone = self.launcher.gone.is_set()
        await self._stop(server, serving, linking)
        await serving
        if gone:
            raise ZygoteGone("the zygote ended, and with it every worker; whoever started us starts us again")

    async def _stop(
        self, server: Server, serving: "asyncio.Task[None]", linking: "asyncio.Task[None]"
    ) -> None:
        server.should_exit = True
        await asyncio.wait((serving,), timeout=DRAIN_SECONDS + 1)
        await self.pool.close()
        self.recorder.close_window()
        try:
            await asyncio.wait_for(self.outbox.settled(), FLUSH_SECONDS)
        except TimeoutError:
            log.warning("stopping with log lines the console has not acknowledged")
        linking.cancel()
        await asyncio.gather(linking, return_exceptions=True)
        await self.calls.close()
        await self.source.close()
        await self.launcher.close()


def upstream(config: Config) -> Upstream:
    if config.console_socket is not None:
        return Upstream(config.console_socket)
    url = urlsplit(config.console)
    return Upstream(None, url.hostname or "", url.port or 80)


def _listen(config: Config) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    try:
        return socket.create_server((config.host, config.port), family=family, backlog=2048)
    except OSError as error:
        text = f"cannot listen on {config.host} port {config.port}: {error.strerror}. Set WEBTASKS_PORT to a free port."
        raise ConfigError(text) from error


async def run(config: Config, stop: asyncio.Event) -> None:
    """Raises ConfigError when the port is taken, SandboxUnavailable when a wall cannot be had on this host,
    SelfTestFailed when a runtime does not work behind them.
    """
    listener = _listen(config)
    doctor = Doctor(config.data, config.accept_weaker)
    report = await doctor.report(brief=True)
    survey.require(report.layers)
    if not report.serves:
        raise SelfTestFailed(report.runtimes["node"].trouble)
    for layer in report.layers:
        level = logging.INFO if layer.state == "active" else logging.WARNING
        log.log(level, "sandbox layer %s: %s %s", layer.name, layer.state, layer.reason)
    root = await asyncio.to_thread(node.prepare, config.data)
    modules = await asyncio.to_thread(store.prepare, config.data)
    ports = listened_on(config.egress_ports)
    walls = node.policy(root, memory=config.worker_memory, ports=ports, modules=modules)
    launcher = await Launcher.start(walls, accept_weaker=config.accept_weaker, found=doctor.host)
    await App(config, launcher, modules=modules, doctor=doctor, report=report).serve(listener, stop)
