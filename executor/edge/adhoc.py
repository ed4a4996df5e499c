"""A run by a token alone: of the code that the token fixes, of code at a URL, or of the body, which is a program then."""

import asyncio
from dataclasses import replace
from urllib.parse import parse_qs

from executor.contract import Deployment
from executor.edge.exchange import Connection
from executor.edge.request import Request
from executor.edge.services import Services
from executor.edge.streamed import StreamedRun
from executor.pool.stream import Stream
from executor.router import Target
from executor.source import Refused


class AdHocRun(StreamedRun):
    def __init__(self, connection: Connection, request: Request, services: Services, target: Target) -> None:
        super().__init__(connection, request, services, target)
        self._query = parse_qs(request.query, keep_blank_values=True)
        # The body as it comes, once it is known to be the program.
        self._code: bytearray | None = None
        self._most = 0
        self._whole: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def start(self) -> None:
        self._launch()

    async def _resolve(self) -> Deployment:
        token = self._token()
        leave = await self.services.source.leave(self.target.team, token)
        template = leave.template
        if template.methods is not None and self.request.method not in template.methods:
            raise Refused(403, f"this token is for {', '.join(template.methods)} requests alone")
        if template.webtask is not None:
            # The leave may be older than its last version, and must not put an old one in its place.
            source, team = self.services.source, self.target.team
            known = source.remembered(team, template.webtask)
            return known or await source.deployment(team, template.webtask)
        if "webtask_share_token" in self._query:
            template = replace(template, token=token)
        self._admit(template)
        if template.files or template.url:
            return template
        if urls := self._query.get("webtask_url"):
            return replace(template, url=urls[0])
        return replace(template, files={template.entry: await self._sent(template)})

    def _token(self) -> str:
        """Raises Refused, in the original's words (as published clients and scripts look for them)."""
        header = self.request.header(b"authorization")
        if header is not None:
            scheme, _, token = header.partition(" ")
            if scheme.lower() != "bearer" or not token.strip():
                raise Refused(403, "rejecting request with unexpected Authorization header")
            return token.strip()
        keys = self._query.get("key")
        if not keys or not keys[0]:
            raise Refused(403, "rejecting request without Authorization header or key URL query parameter")
        return keys[0]

    async def _sent(self, template: Deployment) -> str:
        """The body. The leave came before it: a stranger cannot make us hold a megabyte."""
        if self._code is None:
            self.passes_body = False
            self._most = template.limits.code_bytes
            self._code = bytearray(b"".join(self._held))
            self._held.clear()
            self._check_size()
            self.invite_body()
            self.connection.resume()
        try:
            # Who sends a byte a minute must not keep what came before in our memory.
            async with asyncio.timeout(template.limits.wall_ms / 1000):
                await self._whole
        except TimeoutError:
            raise Refused(408, f"The code has not come in {template.limits.wall_ms:,} ms.") from None
        if not self._code:
            raise Refused(400, "The request body is empty: send the code of a webtask as the body.")
        try:
            return self._code.decode()
        except UnicodeDecodeError as error:
            raise Refused(400, f"The code is not UTF-8: {error}") from error

    def _opened(self, stream: Stream) -> None:
        if self.passes_body:
            super()._opened(stream)

    def on_body(self, data: bytes) -> None:
        if self._code is None:
            super().on_body(data)
            return
        self._code += data
        try:
            self._check_size()
        except Refused as error:
            self._whole.cancel()
            self.refuse(error.status, error.message)

    def _check_size(self) -> None:
        """Raises Refused once more has come than the token's limit for code."""
        if self._code is not None and len(self._code) > self._most:
            raise Refused(413, f"The code is larger than the limit of {self._most:,} bytes.")

    def on_body_end(self) -> None:
        super().on_body_end()
        if not self._whole.done():
            self._whole.set_result(None)
