"""Fetches code that is kept elsewhere: one GET, bounded in time and size, to addresses that a webtask itself may reach."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

import certifi
import httptools

from executor.egress import addresses
from executor.egress.addresses import Address, Network
from executor.egress.connection import describe
from executor.egress.dial import Failed, Refused, dial
from executor.egress.resolver import HostResolver, NoSuchName, Resolver, Unresolved
from executor.egress.rules import normalize

PATIENCE = 10.0
MAX_REDIRECTS = 5
MAX_HEAD = 64 * 1024
_PORTS = {"http": 80, "https": 443}
_READ = 64 * 1024


class Unfetchable(Exception):
    """`status` and the text are for the caller, who need not know where the code is."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"The code cannot be fetched: {reason}.")
        self.status = status


@dataclass(slots=True)
class Call:
    """One request of a fetch, for the record of calls."""

    host: str
    port: int
    address: str = ""
    sent: int = 0
    received: int = 0
    verdict: str = "allowed"


class _Answer:
    """What a server says, bounded; the methods named on_… are httptools' callbacks."""

    def __init__(self, most: int) -> None:
        self.headers: dict[str, str] = {}
        self.body = bytearray()
        self.complete = False
        self.status = 0
        self._most = most
        self._came = 0
        self._parser = httptools.HttpResponseParser(self)

    def feed(self, data: bytes) -> None:
        """Raises Unfetchable, EOFError, HttpParserError. No data is the end of the connection."""
        self._came += len(data)
        if not data:
            framed = {"content-length", "transfer-encoding"} & self.headers.keys()
            status = int(self._parser.get_status_code())
            if framed or status < 200:
                raise EOFError("the connection was closed before it was whole")
            self.complete, self.status = True, status
        elif self._came > self._most + MAX_HEAD:
            raise self._too_large()
        else:
            self._parser.feed_data(data)
            if len(self.body) > self._most:
                raise self._too_large()

    def on_message_begin(self) -> None:
        if not self.complete:
            self.headers = {}

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self.complete:
            self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, data: bytes) -> None:
        # What follows the answer is none of it.
        if not self.complete:
            self.body += data

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() >= 200 and not self.complete:
            self.complete, self.status = True, int(self._parser.get_status_code())

    def _too_large(self) -> Unfetchable:
        return Unfetchable(400, f"it is larger than the limit of {self._most:,} bytes")


class Fetcher:
    """`private` are the ranges that may be reached although they are not public. `closed`: the node has no network."""

    def __init__(
        self, *, private: tuple[Network, ...] = (), closed: bool = False, resolver: Resolver | None = None
    ) -> None:
        self._private = private
        self._closed = closed
        self._resolver = resolver or HostResolver()
        self._tls: ssl.SSLContext | None = None

    async def text(self, url: str, *, most: int, note: Callable[[Call], None]) -> str:
        """What is at `url`, of at most so many bytes. `note` is told of each request. Raises Unfetchable."""
        if self._closed:
            raise Unfetchable(400, "this node has no network")
        try:
            async with asyncio.timeout(PATIENCE):
                body = await self._follow(url, most, note)
        except TimeoutError:
            raise Unfetchable(502, f"it has not come in {PATIENCE:g} s") from None
        try:
            return body.decode()
        except UnicodeDecodeError:
            raise Unfetchable(400, "it is not UTF-8") from None

    async def _follow(self, url: str, most: int, note: Callable[[Call], None]) -> bytes:
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._get(url, most, note)
            if answer.status == 200:
                return bytes(answer.body)
            if answer.status not in {301, 302, 303, 307, 308} or "location" not in answer.headers:
                raise Unfetchable(502, f"its server answered {answer.status}")
            # Judged like the first: a public server must not lead us inside.
            url = urljoin(url, answer.headers["location"])
        raise Unfetchable(502, f"its server redirects more than {MAX_REDIRECTS} times")

    async def _get(self, url: str, most: int, note: Callable[[Call], None]) -> _Answer:
        parts, host, port = _place(url)
        call = Call(host, port)
        try:
            reader, writer = await self._connect(call, tls=parts.scheme == "https")
            try:
                head = _head(parts, call)
                writer.write(head)
                call.sent = len(head)
                answer = _Answer(most)
                while not answer.complete:
                    data = await reader.read(_READ)
                    call.received += len(data)
                    answer.feed(data)
            finally:
                writer.transport.abort()
        except Refused as error:
            call.verdict = f"refused: {error}"
            raise Unfetchable(400, str(error)) from None
        except (Failed, OSError, EOFError, httptools.HttpParserError) as error:
            reason = _reason(error)
            call.verdict = f"failed: {reason}"
            raise Unfetchable(502, reason) from None
        else:
            return answer
        finally:
            note(call)

    async def _connect(self, call: Call, *, tls: bool) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Raises Refused, Failed, OSError."""
        found = await self._look_up(call.host)
        end, address = await dial(
            found, call.port, judge=lambda address: addresses.judge(address, self._private)
        )
        call.address = str(address)
        if not tls:
            return await asyncio.open_connection(sock=end)
        return await asyncio.open_connection(sock=end, ssl=self._context(), server_hostname=call.host)

    async def _look_up(self, host: str) -> tuple[Address, ...]:
        try:
            return (addresses.parse(host),)
        except ValueError:
            pass
        try:
            return await self._resolver.look_up(host)
        except NoSuchName:
            raise Failed("no such name") from None
        except Unresolved:
            raise Failed("its name cannot be looked up now") from None

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            # What the machine trusts; one without a store of its own has that of a package.
            self._tls = ssl.create_default_context()
            self._tls.load_verify_locations(certifi.where())
        return self._tls


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its server's certificate is not valid: {error.verify_message}"
    # Its number is none of the kernel's.
    return "TLS failed" if isinstance(error, ssl.SSLError) else describe(error)


def _place(url: str) -> tuple[SplitResult, str, int]:
    """Raises Unfetchable."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise Unfetchable(400, "its URL makes no sense") from None
    if parts.scheme not in _PORTS:
        raise Unfetchable(400, "its URL must begin with http:// or https://")
    if parts.username is not None or parts.password is not None:
        raise Unfetchable(400, "its URL must hold no user and password")
    host = normalize(parts.hostname or "")
    if host is None:
        raise Unfetchable(400, "its URL names no host")
    return parts, host, port


def _head(parts: SplitResult, call: Call) -> bytes:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    # Whatever else could end the line is in the path no more: urlsplit removes it.
    quoted = "".join(one if "!" <= one <= "~" else _quoted(one) for one in path)
    host = f"[{call.host}]" if ":" in call.host else call.host
    host += "" if call.port == _PORTS[parts.scheme] else f":{call.port}"
    lines = (
        f"GET {quoted} HTTP/1.1",
        f"Host: {host}",
        "User-Agent: webtasks",
        "Accept: */*",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def _quoted(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))
