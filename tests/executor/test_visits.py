"""Who is in a private webtask by a connection that lasts is out when they may call it no longer."""

import asyncio
import contextlib
from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from executor.source import Refused, Unreachable
from executor.visitors import Shown
from executor.visits import PATIENCE_SECONDS, Visit, Visits
from tests.executor.bundle import with_ws
from tests.executor.guarded import Guarded
from tests.executor.test_private import bearer, issue, session
from tests.stack import Member

ECHO = """
const server = new ws.WebSocketServer({ noServer: true });
module.exports = (ctx, req, res) =>
  server.handleUpgrade(req, req.socket, Buffer.alloc(0), socket => socket.on('message', text => socket.send(String(text))));
"""


@pytest.fixture(scope="module")
def room(owner: Member) -> Guarded:
    webtask = Guarded(owner, "staying")
    owner.publish("staying", with_ws(ECHO))
    webtask.guard("private")
    return webtask


@contextlib.contextmanager
def reach(room: Guarded, **headers: str) -> Iterator[ClientConnection]:
    url = room.url.replace("http", "ws", 1)
    with connect(url, additional_headers={"origin": room.owner.stack.url, **headers}) as socket:
        assert is_open(socket)
        yield socket


def is_open(socket: ClientConnection) -> bool:
    socket.send("here")
    return socket.recv(timeout=20) == "here"


def ends(socket: ClientConnection) -> bool:
    """By the server, and without a word of the webtask's."""
    with pytest.raises(ConnectionClosed) as closed:
        socket.recv(timeout=20)
    return closed.value.rcvd is None


def revoke(owner: Member, jti: str) -> None:
    headers = {"x-csrftoken": owner.http.cookies["webtasks_csrf"]}
    assert owner.http.delete(f"/api/teams/acme/tokens/{jti}", headers=headers).status_code == 204


@pytest.mark.parametrize("kind", ["api", "webtask"])
def test_a_token_that_is_revoked_ends_what_it_opened_and_nothing_else(room, kind):
    (token, jti), (other, _) = (issue(room.owner, kind) for _ in range(2))
    with reach(room, **bearer(token)) as mine, reach(room, **bearer(other)) as others:
        revoke(room.owner, jti)
        assert ends(mine)
        assert is_open(others)


def test_a_draft_is_its_authors_for_as_long_as_their_token_is_good(owner):
    Guarded(owner, "drafted")
    live = owner.api("GET", "/drafted").json()["live"]["number"]
    sent = {"code": with_ws(ECHO), "base": live}
    assert owner.api("PUT", "/drafted/draft", json=sent, headers={"if-none-match": "*"}).status_code == 200
    token, jti = issue(owner, "api")
    with connect(
        f"{owner.stack.url}/api/run/acme/drafted@draft".replace("http", "ws", 1),
        additional_headers=bearer(token),
    ) as socket:
        assert is_open(socket)
        revoke(owner, jti)
        assert ends(socket)


def test_who_signs_out_is_out(room, stack, people):
    operator = Member(stack, "operator@private.example", "let-them-in-please")
    with operator, reach(room, cookie=session(operator)) as socket:
        form = {"csrfmiddlewaretoken": operator.http.cookies["webtasks_csrf"]}
        assert operator.http.post("/signout", data=form).status_code == 302
        assert ends(socket)


def test_with_whom_it_is_shared_no_longer_is_out(room, people):
    wanted = {"email": "shared@private.example", "rights": ["run"]}
    number = room.api("POST", "collaborators", json=wanted, status=201)["number"]
    with reach(room, cookie=session(people["shared"])) as socket:
        assert room.owner.api("DELETE", f"/staying/collaborators/{number}").status_code == 204
        assert ends(socket)


# -- when and how often the console is asked ---------------------------------------------------------------


class Console:
    """Says what it is told to, each time."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[str] = asyncio.Queue()
        self.refusal: Exception | None = None

    async def ask(self, method, path, **kwargs):
        self.asked.put_nowait(kwargs["json"]["value"])
        if self.refusal:
            raise self.refusal
        return httpx.Response(200)

    async def is_asked(self, times: int) -> list[str]:
        return sorted([await self.asked.get() for _ in range(times)])


def visit(value: str = "a token") -> Visit:
    return Visit("acme", "hello", "GET", Shown("bearer", value))


def test_who_came_by_the_same_is_asked_about_once_and_told_each(background):
    async def test():
        console = Console()
        visits, left = Visits(console, every=3600), [asyncio.Event() for _ in range(4)]
        for one in left[:3]:
            visits.enter(visit(), one.set)
        visits.enter(visit("another"), left[3].set)
        went = asyncio.Event()
        visits.enter(visit("gone"), went.set)
        visits.depart(visit("gone"), went.set)
        console.refusal = Refused(403, "no")
        visits.look()
        assert await console.is_asked(2) == ["a token", "another"]
        for one in left:
            await one.wait()
        assert console.asked.empty()
        assert not went.is_set()

    background.run(test())


def test_while_the_console_is_away_they_stay_for_a_while(background):
    async def test():
        console, at, left = Console(), [0.0], asyncio.Event()
        visits = Visits(console, lambda: at[0], every=0)
        visits.enter(visit(), left.set)

        at[0] = 10.0
        await console.is_asked(3)
        console.refusal = Unreachable("away")
        at[0] = 10.0 + PATIENCE_SECONDS - 1
        await console.is_asked(3)
        assert not left.is_set()
        at[0] += 1
        await left.wait()

    background.run(test())
