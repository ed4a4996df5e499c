"""A run of ad-hoc code: the body is the program, the bearer token is the leave to run it."""

import asyncio
from dataclasses import replace
from urllib.parse import parse_qs

from executor.contract import Deployment
from executor.edge.exchange import Connection
from executor.edge.request import Request
from executor.edge.run import Run, Services
from executor.pool.stream import Stream
from executor.router import Target
from executor.source import Leave, Refused


class AdHocRun(Run):
    def __init__(self, connection: Connection, request: Request, services: Services, target: Target) -> None:
        super().__init__(connection, request, services, target)
        self._code = bytearray()
        self._whole: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._leave: Leave | None = None

    def start(self) -> None:
        self._launch()

    async def _resolve(self) -> Deployment:
        """The leave comes before the body: a stranger cannot make us hold a megabyte."""
        leave = self._leave = await self.services.source.leave(self.target.team, self._token())
        self._admit(leave.template)
        self._check_size()
        self.invite_body()
        self.connection.resume()
        await self._whole
        return replace(leave.template, files={leave.template.entry: self._source_text()})

    def _token(self) -> str:
        """Raises Refused, in the original's words (as published clients and scripts look for them)."""
        header = self.request.header(b"authorization")
        if header is not None:
            scheme, _, token = header.partition(" ")
            if scheme.lower() != "bearer" or not token.strip():
                raise Refused(403, "rejecting request with unexpected Authorization header")
            return token.strip()
        keys = parse_qs(self.request.query).get("key")
        if not keys:
            raise Refused(403, "rejecting request without Authorization header or key URL query parameter")
        return keys[0]

    def _source_text(self) -> str:
        if not self._code:
            raise Refused(400, "The request body is empty: send the code of a webtask as the body.")
        try:
            return self._code.decode()
        except UnicodeDecodeError as error:
            raise Refused(400, f"The code is not UTF-8: {error}") from error

    def _opened(self, stream: Stream) -> None:
        """Nothing is sent in: the body was the code."""

    def on_body(self, data: bytes) -> None:
        self._code += data
        if self._leave is None:
            self.connection.pause()
            return
        try:
            self._check_size()
        except Refused as error:
            self._whole.cancel()
            self.refuse(error.status, error.message)

    def _check_size(self) -> None:
        """Raises Refused once more has come than the token's limit for code."""
        assert self._leave is not None
        limit = self._leave.template.limits.code_bytes
        if len(self._code) > limit:
            raise Refused(413, f"The code is larger than the limit of {limit:,} bytes.")

    def on_body_end(self) -> None:
        if not self._whole.done():
            self._whole.set_result(None)
