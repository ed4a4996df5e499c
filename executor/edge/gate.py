"""What a request passes before a webtask's code: its guard."""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from secrets import token_hex
from urllib.parse import urlencode

from executor.contract import ENTRANCE, Deployment, Guard
from executor.edge.credentials import cookies, navigates, shown
from executor.edge.holding import Holding
from executor.edge.notices import Notices
from executor.edge.request import Request
from executor.guards.claim import Claim, Unsigned
from executor.guards.replays import Replays
from executor.guards.senders import SENDERS, Sender
from executor.rates import Rates
from executor.router import Target
from executor.source import Refused
from executor.visitors import Shown, Visitors
from executor.visits import Visit

STATE_COOKIE = "webtasks_enter_"
STATE_SECONDS = 300
# Above it, computing is left to a thread: everybody else waits meanwhile.
LARGE_BYTES = 1024 * 1024
# Of a body that is held until its signature is checked; the largest that a known sender sends is GitHub's.
MAX_SIGNED = 25 * 1024 * 1024
BODY_SECONDS = 30.0
MOST_HELD, MOST_HELD_OF_TEAM = 256 * 1024 * 1024, 64 * 1024 * 1024
# What a browser is led back to is no longer than this.
MAX_REST = 4096
_AGAIN = (408, 425, 429)

Signed = tuple[str, bytes]


@dataclass(slots=True, kw_only=True)
class Entry:
    """One request at the gate. `body` gives the whole body in pieces, once it is asked to.

    Then: the guard that it has `passed`, the token that was for us, the `visit` that it is, what was signed and is known
    again, and how many bytes are `held` for it.
    """

    request: Request
    target: Target
    id: str
    body: Callable[[Deployment], Awaitable[Iterable[bytes]]]
    passed: Guard | None = None
    token: Shown | None = None
    visit: Visit | None = None
    signed: Signed | None = None
    held: int = 0

    @property
    def private(self) -> bool:
        return self.passed is not None and self.passed.kind == "private"


class Gate:
    def __init__(
        self, visitors: Visitors, rates: Rates, notices: Notices, *, now: Callable[[], float] = time.time
    ) -> None:
        """`now` in epoch seconds."""
        self.visitors = visitors
        self._rates = rates
        self._notices = notices
        self._now = now
        self._replays = Replays(now)
        self._holding = Holding(MOST_HELD, MOST_HELD_OF_TEAM)

    async def let_in(self, entry: Entry, deployment: Deployment) -> None:
        """By the guard that the deployment has; once for each request. Raises Refused, Unreachable, TooFast."""
        guard = deployment.guard
        if entry.passed == guard:
            return
        if guard.kind == "private":
            await self._visit(entry, deployment)
        elif guard.kind in SENDERS:
            await self._check(entry, deployment, SENDERS[guard.kind])
        elif guard.kind != "public":
            raise Refused(503, f"This node knows no guard “{guard.kind}”.")
        entry.passed = guard

    def settle(self, entry: Entry, status: int) -> None:
        """How it ended; 0 when it did not get so far. What failed may come again."""
        if entry.signed is not None and (status < 200 or status >= 500 or status in _AGAIN):
            self._replays.forgive(*entry.signed)
        entry.signed = None
        self.hold(entry, 0)

    def hold(self, entry: Entry, size: int) -> None:
        """So many bytes in all. Raises Refused."""
        if size > entry.held:
            self._holding.take(entry.target.team, size - entry.held)
        elif size < entry.held:
            self._holding.give_back(entry.target.team, entry.held - size)
        entry.held = size

    # -- private -------------------------------------------------------------------------------------------

    async def _visit(self, entry: Entry, deployment: Deployment) -> None:
        assert deployment.webtask is not None
        secure = deployment.guard.enter.startswith("https:")
        credential = shown(entry.request, entry.target, secure=secure)
        if credential is None:
            raise self._nobody(entry, deployment)
        method = entry.request.method
        try:
            visitor = await self.visitors.admit(
                deployment.team, deployment.webtask, credential, method=method
            )
        except Refused:
            if credential.is_cookie and navigates(entry.request):
                raise self._nobody(entry, deployment) from None
            raise
        if visitor.rates and visitor.jti != deployment.jti:
            self._rates.enter(visitor)
        entry.visit = Visit(deployment.team, deployment.webtask, method, credential)
        # The code has its own token anyway, and may compare the two.
        if not credential.is_cookie and credential.value != deployment.token:
            entry.token = credential

    def _nobody(self, entry: Entry, deployment: Deployment) -> Refused:
        """A browser is sent to sign in; whoever else it is learns what to show."""
        name = f"{deployment.team}/{deployment.webtask}"
        if navigates(entry.request) and entry.request.method == "GET" and deployment.guard.enter:
            message = f"{name} is private: sign in to the console."
            return Refused(302, message, _to_console(entry.request, entry.target, deployment.guard.enter))
        message = (
            f"{name} is private: send a token of its team that may run it, as “Authorization: Bearer …”"
            " or as the query parameter “key”."
        )
        return Refused(401, message, (("www-authenticate", f'Bearer realm="{name}"'), NOT_KEPT))

    # -- signed --------------------------------------------------------------------------------------------

    async def _check(self, entry: Entry, deployment: Deployment, sender: Sender) -> None:
        def refuse(status: int, reason: str, detail: str = "", *, level: str = "warn") -> Refused:
            self._notices.tell(deployment, entry.id, level, f"refused by the guard: {reason}")
            name = f"{deployment.team}/{deployment.webtask}"
            message = f"{name} takes only what {sender.title} has signed: {reason}{detail}."
            scheme = f'Webhook realm="{name}", sender="{deployment.guard.kind}"'
            return Refused(status, message, (("www-authenticate", scheme),) if status == 401 else ())

        guard = deployment.guard
        try:
            claim = sender.read(entry.request.headers)
        except Unsigned as error:
            raise refuse(401, str(error)) from None
        if claim.at is not None and abs(self._now() - claim.at) > guard.tolerance:
            when = "in the future" if claim.at > self._now() else "ago"
            raise refuse(403, f"it was signed too long {when}", f", {guard.tolerance} s are allowed for")
        try:
            keys = _keys(deployment, sender)
        except ValueError as error:
            raise refuse(503, f"{error}", ". Nothing is let in", level="error") from None
        made = await _made(claim, keys, list(await entry.body(deployment)))
        if made is None:
            raise refuse(403, "no signature matches its body and the secret")
        until = (self._now() if claim.at is None else claim.at) + guard.tolerance
        signed = (f"{deployment.team}/{deployment.webtask}", made)
        if not self._replays.enter(*signed, until=until + 1):
            raise refuse(403, "the very same request came before")
        entry.signed = signed


def _keys(deployment: Deployment, sender: Sender) -> list[bytes]:
    """Raises ValueError, in words for the team: its secrets may have changed since the guard was set."""
    found = [deployment.secrets.get(name) for name in deployment.guard.secrets]
    texts = [secret for secret in found if isinstance(secret, str)]
    if not texts or len(texts) < len(found):
        raise ValueError("the secret that it checks by is not there")
    try:
        return [sender.key(text) for text in texts]
    except ValueError:
        raise ValueError("the secret that it checks by has not the form that it needs") from None


async def _made(claim: Claim, keys: Sequence[bytes], body: Sequence[bytes]) -> bytes | None:
    if sum(map(len, body)) <= LARGE_BYTES:
        return claim.signed_by(keys, body)
    return await asyncio.to_thread(claim.signed_by, keys, body)


def _to_console(request: Request, target: Target, enter: str) -> tuple[tuple[str, str], ...]:
    """Headers that lead there. On the team's host the browser gets a secret that the way back asks for."""
    rest = target.rest + (f"?{request.query}" if request.query else "")
    asked = {"to": rest if len(rest) <= MAX_REST else ""}
    if target.on_console_host:
        return (("location", f"{enter}?{urlencode(asked)}"), NOT_KEPT)
    state = token_hex(16)
    asked["state"] = state_of(state)
    if target.host:
        asked["host"] = target.host
    # One for each tab that opens it: they must not take each other's.
    cookie = set_cookie(request, f"{STATE_COOKIE}{state[:8]}", state, path=f"/{ENTRANCE}", age=STATE_SECONDS)
    return (("location", f"{enter}?{urlencode(asked)}"), ("set-cookie", cookie), NOT_KEPT)


def state_of(secret: str) -> str:
    """What the console sees of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def states(request: Request) -> list[str]:
    """Of all the ways to the console that this browser is on."""
    secrets = (value for name, value in cookies(request) if name.startswith(STATE_COOKIE))
    return [state_of(secret) for secret in islice(secrets, 20)]


def set_cookie(request: Request, name: str, value: str, *, path: str, age: int) -> str:
    secure = "; Secure" if request.scheme == "https" else ""
    return f"{name}={value}; Path={path}; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"


NOT_KEPT = ("cache-control", "no-store")
