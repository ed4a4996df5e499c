"""A browser comes back from the console with a ticket: it gets a pass, and the page that it wanted."""

import asyncio
import logging
import re
from urllib.parse import parse_qs

from executor.contract import PASS_COOKIE, Pin
from executor.edge.exchange import Connection
from executor.edge.gate import set_cookie, states
from executor.edge.headers import Fields
from executor.edge.refusal import Refusal
from executor.edge.request import Request
from executor.edge.services import Services
from executor.router import Target
from executor.source import Refused, Unreachable

log = logging.getLogger("executor.edge")

# What may follow the webtask's name in a URL: nothing that could name another host, or another header.
_REST = re.compile(r"([/?][!-~]*)?")


class Entering(Refusal):
    def __init__(self, connection: Connection, request: Request, services: Services, target: Target) -> None:
        super().__init__(connection, request, 403, "")
        self._visitors = services.gate.visitors
        self._target = target
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        if self.request.method != "GET":
            self.refuse(405, "A browser comes here by GET, from the console.", headers=(("allow", "GET"),))
            return
        self._task = asyncio.get_running_loop().create_task(self._enter())

    async def _enter(self) -> None:
        team, webtask = self._target.team, self._target.webtask
        assert webtask is not None
        pin = Pin.of(webtask)
        asked = parse_qs(self.request.query)
        ticket, rest = asked.get("ticket", [""])[0], asked.get("to", [""])[0]
        try:
            told = await self._visitors.exchange(
                team, pin.webtask if pin else webtask, ticket, states(self.request)
            )
        except Refused as error:
            self.refuse(error.status, error.message)
        except Unreachable as error:
            self.refuse(503, str(error), headers=(("retry-after", "1"),))
        except Exception:
            # Nobody else would ever answer this client.
            log.exception("request %s failed in the executor itself", self.id)
            self.refuse(500, "The executor failed. Its log has more under this request's id.")
        else:
            self._lead_on(told["pass"], int(told["seconds"]), rest if _REST.fullmatch(rest) else "")

    def _lead_on(self, word: str, seconds: int, rest: str) -> None:
        path = f"/{self._target.team}" if self._target.host else ""
        path += f"/{self._target.webtask}"
        fields = (
            ("location", path + rest),
            ("set-cookie", set_cookie(self.request, PASS_COOKIE, word, path=path, age=seconds)),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("content-length", "0"),
        )
        self.send_head(303, "", Fields.of(fields), own=self.connection.dated())
        self.finish()

    def on_gone(self) -> None:
        super().on_gone()
        if self._task is not None:
            self._task.cancel()
