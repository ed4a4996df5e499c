"""A request to a webtask: find what to run and where, pass the body in and the answer out."""

import asyncio
import logging
import re
from collections.abc import Sequence
from typing import Any

from executor.admission import TooMany
from executor.contract import INVOCATION_HEADER, SOURCE_HEADER, VERSION_HEADER, Deployment
from executor.edge.admitted import Admitted
from executor.edge.credentials import without_key
from executor.edge.exchange import BODYLESS, Connection
from executor.edge.headers import BadHeader, answer_fields, answer_headers, guest_headers
from executor.edge.preflight import opening
from executor.edge.request import Request
from executor.edge.services import Services
from executor.edge.stats import stats_of
from executor.edge.timing import Timing
from executor.fetch import Unfetchable
from executor.limits import LIMITS
from executor.logs.line import Invocation, epoch_ms
from executor.pool.death import Death
from executor.pool.nursery import NoWorker
from executor.pool.pool import PoolBusy
from executor.pool.queue import PoolFull
from executor.pool.stream import Stream
from executor.pool.worker import Worker
from executor.rates import TooFast
from executor.redaction import redactor_of
from executor.router import Target
from executor.source import Refused, Unreachable

log = logging.getLogger("executor.edge")

# What nginx logs for a client that left before its answer; no standard status says so.
CLIENT_GONE = 499
ATTEMPTS = 5
_RESPONSE = LIMITS["response_bytes"]
_REASON = re.compile(r"[\t\x20-\x7e]*")


class Run(Admitted):
    """Base of the two ways to run. Subclasses say what is run and what becomes of the body."""

    # The body is the webtask's to read; otherwise it was the program.
    passes_body = True
    # Kept where somebody wants to know.
    timing: Timing | None = None

    def __init__(self, connection: Connection, request: Request, services: Services, target: Target) -> None:
        super().__init__(connection, request)
        self.services = services
        self.target = target
        self.deployment: Deployment | None = None
        self._worker: Worker | None = None
        self._stream: Stream | None = None
        self._task: asyncio.Task[None] | None = None
        self._began = epoch_ms()
        self._choked_bytes = 0
        self._answer_bytes = 0
        self._source = "proxy"
        self._recorded = False

    # -- finding a worker ----------------------------------------------------------------------------------

    def _launch(self) -> None:
        """Finds the worker in a task of its own: something on the way must be awaited."""
        self._task = asyncio.get_running_loop().create_task(self._find())

    async def _resolve(self) -> Deployment:
        """Raises Refused, Unreachable."""
        raise NotImplementedError

    async def _find(self) -> None:
        try:
            worker, deployment = await self._worker_for()
        except Refused as error:
            self.refuse(error.status, error.message, headers=error.headers)
        except Unfetchable as error:
            self.refuse(error.status, str(error))
        except Unreachable as error:
            self.refuse(503, str(error), headers=(("retry-after", "1"),))
        except (TooFast, TooMany, PoolBusy) as error:
            self._turn_away(error)
        except (PoolFull, NoWorker) as error:
            self.refuse(503, str(error), headers=(("retry-after", "1"),))
        except Exception:
            # Nobody else would ever answer this client.
            log.exception("invocation %s failed in the executor itself", self.id)
            self.refuse(500, "The executor failed. Its log has more under this request's id.")
        else:
            self._open(worker, deployment)

    async def _worker_for(self) -> tuple[Worker, Deployment]:
        """A publish may retire the worker between its binding and its use: then the search begins anew."""
        pool, remote = self.services.pool, self.services.remote
        fresh = self.request.asks("webtask_no_cache")
        for attempt in range(ATTEMPTS):
            deployment = await self._resolve()
            if self.timing is not None:
                self.timing.asked()
            if deployment.guarded:
                await self._enter(deployment)
            self._admit(deployment)
            if deployment.remotes:
                deployment = await remote.whole(deployment, invocation=self.id, fresh=fresh and not attempt)
            worker = pool.find(deployment) or await pool.bind(deployment)
            if worker.serves(deployment):
                if self.timing is not None:
                    self.timing.started(worker)
                return worker, deployment
        raise NoWorker("the webtask changes faster than it can be started")

    def _open(self, worker: Worker, deployment: Deployment) -> None:
        if self.response_complete or self.disconnected:
            return
        self.deployment, self._worker = deployment, worker
        self._handed_over = True
        self._stream = worker.open(self._head(worker.load(deployment)), self)
        self._opened(self._stream)

    def _opened(self, stream: Stream) -> None:
        raise NotImplementedError

    def _head(self, handle: int) -> dict[str, Any]:
        request, target = self.request, self.target
        # Code that is given its token anyway may see it come: it compares the two to know its schedule.
        shown = self.deployment is not None and self.deployment.token
        credential = (target.webtask is None and not shown) or self._shown_to_us
        return {
            "deployment": handle,
            "id": self.id,
            "method": request.method,
            "url": without_key(request.url) if self._shown_to_us else request.url,
            "path": target.rest,
            "http": request.http,
            "headers": guest_headers(request, on_console_host=target.on_console_host, credential=credential),
            "body": self.passes_body and request.has_body,
            "url_format": target.url_format,
            "remote": request.client,
        }

    # -- the client's side ---------------------------------------------------------------------------------

    def on_gone(self) -> None:
        self.disconnected = True
        if self._task is not None:
            self._task.cancel()
        self._drop_stream()
        self._depart()
        self._record()

    def on_writable(self) -> None:
        if self._stream is not None and self._choked_bytes:
            self._stream.consumed(self._choked_bytes)
            self._choked_bytes = 0

    # -- the guest's side (Answer) -------------------------------------------------------------------------

    def on_answer_head(self, status: int, reason: str, headers: Sequence[str], source: str) -> None:
        self._source = source
        try:
            fields = answer_fields(headers, on_console_host=self.target.on_console_host)
        except BadHeader as error:
            self._drop_stream()
            self.refuse(502, f"The webtask answered with an invalid {error}")
            return
        bodyless = self.request.method == "HEAD" or status in BODYLESS
        if fields.length and not bodyless and not self._fits(fields.length):
            return
        label = self.deployment.label if self.deployment else ""
        own = f"{SOURCE_HEADER}: {source}\r\n{INVOCATION_HEADER}: {self.id}\r\n{VERSION_HEADER}: {label}\r\n"
        if self.target.webtask is None:
            own += opening(self.request, fields)
        if self._entry is not None and self._entry.private and "cache-control" not in fields.lines.lower():
            own += "cache-control: private\r\n"
        if self._worker is not None:
            own += stats_of(self._worker).lines(status, self.id)
        if self.timing is not None:
            own += self.timing.line()
        if not fields.dated:
            own += self.connection.dated()
        self.send_head(status, reason if _REASON.fullmatch(reason) else "", fields, own=own)

    def on_answer_body(self, data: bytes) -> None:
        self._answer_bytes += len(data)
        if self._fits(self._answer_bytes):
            self._pass_out(data)

    def _pass_out(self, data: bytes) -> None:
        self.send_body(data)
        if self._stream is None:
            return
        if self.connection.choked():
            self._choked_bytes += len(data)
        else:
            self._stream.consumed(len(data))

    def on_answer_end(self, trailers: Sequence[str]) -> None:
        self._stream = None
        try:
            kept = list(answer_headers(trailers, on_console_host=False)) if trailers else []
        except BadHeader:
            kept = []
        self.finish(kept)

    def on_reset(self) -> None:
        self._stream = None
        if self.status:
            self.cut()
        else:
            self.refuse(502, "The webtask closed the connection without an answer.")

    def on_death(self, death: Death, *, culprit: bool) -> None:
        self._stream = None
        if culprit:
            self.refuse(death.status, death.message, error=death.detail)
        else:
            self.refuse(503, f"The webtask's worker ended: {death.detail}", headers=(("retry-after", "1"),))

    def on_credit(self) -> None:
        self.connection.resume()

    def _fits(self, size: int) -> bool:
        """Whether an answer of `size` bytes is within the limit; stops it when it is not."""
        if self.deployment is None or size <= self.deployment.limits.response_bytes:
            return True
        limit = self.deployment.limits.response_bytes
        self._drop_stream()
        self.tell("error", f"stopped: the answer is larger than allowed {_RESPONSE.reached(limit, size)}")
        self.refuse(502, f"The webtask's answer is larger than its limit of {limit:,} bytes.")
        return False

    def tell(self, level: str, text: str) -> None:
        """A line in the team's log, under this invocation."""
        if self._worker is not None:
            self._worker.say(level, text, self.id)

    # -- the end -------------------------------------------------------------------------------------------

    def _drop_stream(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.abort()

    def _complete(self) -> None:
        super()._complete()
        self._depart()
        self._record()

    def _record(self) -> None:
        deployment = self.deployment
        if deployment is None or self._recorded:
            return
        self._recorded = True
        status, ms = self.status or CLIENT_GONE, epoch_ms() - self._began
        origin = self.services.recorder.count(deployment, status, ms)
        if origin is None:
            return
        whole = Invocation(
            origin=origin,
            id=self.id,
            method=self.request.method,
            path=redactor_of(deployment).url(self.target.rest or "/"),
            status=status,
            ms=ms,
            time=self._began,
            source=self._source,
        )
        self.services.recorder.keep(whole)
