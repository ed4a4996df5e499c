"""A full node and two teams: what each is sure of. Four workers are all there may be."""

import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from executor.sandbox import hierarchy
from executor.sandbox.hierarchy import Place
from executor.sandbox.owner import PREFIX
from tests.executor.crowd import workers_of
from tests.second import run_as, second_team
from tests.stack import Member, Stack

PLACES = 4
WEIGHTS = {"v1": ("cpu.shares", 1024), "v2": ("cpu.weight", 100)}
HELLO = "module.exports = cb => cb(null, 'hello')"
HOLDING = "module.exports = (ctx, req, res) => { res.write('begun'); if (ctx.query.end) res.end(); };"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack.start(tmp_path_factory.mktemp("small") / "data", WEBTASKS_MAX_WORKERS=str(PLACES))
    yield running
    assert running.stop() == 0, running.log.read_text()[-4000:]


@pytest.fixture(scope="module")
def token(small: Stack) -> str:
    return second_team(small)


@pytest.fixture(scope="module")
def acme(small: Stack) -> Iterator[Member]:
    with Member(small, small.email, small.password) as member:
        for number in range(PLACES + 1):
            member.publish(f"hold-{number}", HOLDING)
        member.publish("hello", HELLO)
        yield member


def hold(acme: Member, number: int) -> ExitStack:
    """Begins a request that never ends by itself; it ends with what is returned."""
    held = ExitStack()
    url = f"{acme.stack.url}/api/run/acme/hold-{number}"
    body = held.enter_context(httpx.stream("GET", url, timeout=60)).iter_bytes()
    assert next(body) == b"begun"
    held.callback(lambda _kept: None, body)  # with nobody to keep it, it would close the answer
    return held


@pytest.fixture
def full(acme: Member) -> Iterator[list[ExitStack]]:
    """Every worker has a request of the first team's."""
    held = [hold(acme, number) for number in range(PLACES)]
    yield held
    for each in held:
        each.close()


def hello(stack: Stack) -> httpx.Response:
    return httpx.get(f"{stack.url}/api/run/acme/hello", timeout=60)


def test_what_ran_last_stays_warm_and_what_ran_first_makes_room(small, acme):
    counting = "let calls = 0; module.exports = cb => cb(null, calls += 1)"
    names = [f"count-{number}" for number in range(PLACES + 1)]
    for name in names:
        acme.publish(name, counting)

    def call(name: str) -> int:
        return int(httpx.get(f"{small.url}/api/run/acme/{name}", timeout=60).text)

    assert [call(name) for name in names] == [1] * len(names)
    assert [call(name) for name in reversed(names)] == [2] * PLACES + [1]


def test_beyond_the_last_worker_the_caller_is_told_to_come_again(small, full):
    answer = hello(small)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["req_id"] == answer.headers["x-wt-invocation"]


def test_whoever_waits_gets_the_place_of_the_first_that_has_nothing_to_do(small, full):
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(hello, small)
        full[0].close()
        assert waiting.result().text == '"hello"'


def test_a_publish_on_a_full_node_takes_the_place_of_what_it_replaces(small, acme, full):
    assert acme.publish("hold-0", HOLDING + "// again")["confirmed"]
    # What was under way goes on meanwhile, and the new version serves.
    again = httpx.get(f"{small.url}/api/run/acme/hold-0", params={"end": "1"}, timeout=60)
    assert (again.status_code, again.text) == (200, "begun")


def test_a_team_that_fills_the_node_leaves_another_its_place(small, full, token):
    assert run_as(small, token, HELLO).json() == "hello"
    # And keeps it: what the second team has is no more than its share.
    assert hello(small).status_code == 503
    assert run_as(small, token, HELLO + ";").json() == "hello"


def test_the_busy_workers_of_a_team_weigh_together_no_more_than_one_does(small, acme):
    with ExitStack() as held:
        for number in range(3):
            held.enter_context(hold(acme, number))
        for place in [place for place in hierarchy.find() if "cpu" in place.controllers]:
            file, whole = WEIGHTS[place.version]
            while weights(small, place, file).count(whole // 4) < 3:
                time.sleep(0.02)  # it is seen to a few times a second


def weights(stack: Stack, place: Place, file: str) -> list[int]:
    """Of all its workers."""
    pids = {str(pid) for pid in workers_of(stack.process.pid)}
    found = []
    for group in place.path.glob(f"{PREFIX}*/*/"):
        with contextlib.suppress(OSError):  # another server's, or gone meanwhile
            if pids & set((group / "cgroup.procs").read_text().split()):
                found.append(int((group / file).read_text()))
    return found


def test_too_many_requests_of_the_team_at_once_are_its_own_trouble(small, acme, token):
    acme.team_limits(team_concurrency=1)
    held = hold(acme, 0)
    try:
        answer = hello(small)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
        assert "requests at once: 1 request" in answer.json()["message"]
        assert run_as(small, token, HELLO).status_code == 200
    finally:
        held.close()
        acme.team_limits(team_concurrency=None)
    assert hello(small).status_code == 200


def test_requests_that_come_too_fast_are_their_teams_own_trouble(small, acme, token):
    acme.team_limits(team_rate=2)
    try:
        while (answer := hello(small)).status_code == 200:
            pass
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
        assert {run_as(small, token, HELLO).status_code for _ in range(5)} == {200}
        while hello(small).status_code == 429:  # a second later it may again
            pass
    finally:
        acme.team_limits(team_rate=None)
