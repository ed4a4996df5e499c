"""Start, stop and sudden death of the whole server, seen from outside."""

import contextlib
import json
import os
import select
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.counter import COUNTER, Caller
from tests.stack import Member, Stack


@pytest.fixture
def own_stack(tmp_path):
    """A server of the test's own, to be stopped in whatever way."""
    running = Stack.start(tmp_path / "data")
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()


def family(root: int) -> set[int]:
    """Process ids of `root` and everything it started, as /proc tells now."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found = {root}
    while grown := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= grown
    return found


def wait_until_gone(pids: set[int]) -> None:
    """Returns when every process has ended, however long (the test's own time limit bounds it)."""
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        with os.fdopen(handle):
            # A pidfd is readable once its process has ended.
            select.select([handle], [], [])


def test_the_banners_own_curl_works_when_pasted(own_stack):
    pasted = own_stack.said("Try")
    answer = subprocess.run(["sh", "-c", pasted + " --silent"], capture_output=True, text=True, check=True)
    assert answer.stdout == '{"hello":"world"}'


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_every_process_within_five_seconds(own_stack, how):
    everyone = family(own_stack.process.pid)
    assert len(everyone) >= 4, "console, executor, zygote and a blank worker"
    assert own_stack.stop(how=how, within=5) == 0
    wait_until_gone(everyone)


STUBBORN = """
module.exports = (ctx, cb) => {
  console.log(ctx.query.how);
  if (ctx.query.how === 'spin') for (;;);
  // otherwise never answers
};
"""


def test_a_stop_waits_for_no_stubborn_webtask(own_stack):
    """One spins, one never answers, and a browser holds a websocket open."""
    with Member(own_stack, own_stack.email, own_stack.password) as member:
        member.publish("stubborn", STUBBORN)
        member.publish("spinner", STUBBORN)
        cookies = "; ".join(f"{name}={value}" for name, value in member.http.cookies.items())
    url = own_stack.url.replace("http", "ws") + "/ws/"
    with (
        connect(url, additional_headers={"cookie": cookies}, origin=Origin(own_stack.url)) as socket,
        ThreadPoolExecutor() as threads,
    ):
        for name, how in (("stubborn", "wait"), ("spinner", "spin")):
            socket.send(json.dumps({"t": "sub", "topic": f"webtask:acme/{name}", "since": None}))
            threads.submit(httpx.get, f"{own_stack.url}/api/run/acme/{name}?how={how}", timeout=30)
        running: set[str] = set()
        while running != {"wait", "spin"}:
            message = json.loads(socket.recv(timeout=20))
            running |= {line["text"] for line in message.get("lines", [])}
        everyone = family(own_stack.process.pid)
        assert own_stack.stop(within=5) == 0
        wait_until_gone(everyone)


STUCK = "module.exports = (ctx, cb) => {}"
MENDED = "module.exports = (ctx, cb) => cb(null, 'in the end')"


def test_killing_the_console_outright_leaves_no_process_and_loses_no_work(own_stack):
    """A schedule that was due and a request that was acknowledged, both under way, are made good at the next start.
    What code stored and was told so is there."""
    with Member(own_stack, own_stack.email, own_stack.password) as member:
        member.publish("slow", STUCK)
        member.publish("counts", COUNTER)
        assert member.api("POST", "/slow/schedules", json={"schedule": "0 0 1 1 *"}).status_code == 201
    location = httpx.post(f"{own_stack.url}/api/run/acme/slow", headers={"prefer": "respond-async"}).headers[
        "location"
    ]
    database = own_stack.data / "webtasks.sqlite3"
    with contextlib.closing(sqlite3.connect(database, timeout=20, isolation_level=None)) as rows:
        rows.execute("UPDATE schedules_schedule SET next_at = strftime('%Y-%m-%d %H:%M:%S', 'now')")
        under_way = "SELECT (SELECT attempt FROM schedules_firing), (SELECT attempt FROM deliveries_delivery)"
        until(lambda: rows.execute(under_way).fetchone() == (1, 1))
    caller = Caller(own_stack, "counts")
    until(lambda: caller.last > 3)
    everyone = family(own_stack.process.pid)
    own_stack.stop(how=signal.SIGKILL)
    wait_until_gone(everyone)
    caller.join()
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as rows:
        rows.execute("UPDATE webtasks_version SET code = ? WHERE code = ?", (MENDED, STUCK))

    second = Stack.start(own_stack.data, port=own_stack.port)
    try:
        until(lambda: httpx.get(location).json()["state"] == "done")
        told = httpx.get(location).json()
        assert (told["body"], told["attempt"]) == ('"in the end"', 2)
        with Member(second, second.email, own_stack.password) as member:
            until(lambda: member.api("GET", "/slow/schedules/slow/history").json())
            stored = json.loads(member.api("GET", "/counts/storage").json()["data"])["n"]
            (firing,) = member.api("GET", "/slow/schedules/slow/history").json()
        assert (firing["type"], firing["body"]) == ("success", '"in the end"')
        assert caller.last <= stored <= caller.last + 1
    finally:
        second.stop()


def until(condition: Callable[[], object]) -> None:
    """Asks again and again, however long (the test's own time limit bounds it)."""
    while not condition():
        time.sleep(0.05)


def test_an_executor_that_dies_is_replaced(own_stack):
    executor = next(pid for pid in family(own_stack.process.pid) if b"executor\0" in cmdline(pid))
    workers = family(executor)
    os.kill(executor, signal.SIGKILL)
    wait_until_gone(workers)
    transport = httpx.HTTPTransport(retries=20)  # connection refused until the next one listens
    with httpx.Client(transport=transport, timeout=30) as client:
        assert client.get(f"{own_stack.url}/api/run/acme/hello").status_code == 200


def test_a_zygote_that_dies_is_replaced(own_stack):
    zygote = next(pid for pid in family(own_stack.process.pid) if b"sandbox" in cmdline(pid))
    orphans = family(zygote)
    os.kill(zygote, signal.SIGKILL)
    wait_until_gone(orphans)
    transport = httpx.HTTPTransport(retries=20)
    with httpx.Client(transport=transport, timeout=30) as client:
        # The executor is still finding out, has just ended, or its successor has no worker yet.
        while (status := status_of(client, f"{own_stack.url}/api/run/acme/hello")) in {None, 503}:
            pass
        assert status == 200


def status_of(client: httpx.Client, url: str) -> int | None:
    """None when the connection ended without an answer."""
    try:
        return client.get(url).status_code
    except (httpx.RemoteProtocolError, httpx.ReadError):
        return None


def cmdline(pid: int) -> bytes:
    """Nothing when it ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_no_acknowledged_write_and_no_log_line_is_lost_by_a_stop(tmp_path):
    """The last line a webtask logged before Ctrl-C, and the last publish, are there after the next start."""
    first = Stack.start(tmp_path / "data")
    password = first.password
    with Member(first, first.email, password) as member:
        member.publish("last", "module.exports = cb => { console.log('the very last line'); cb(null, 7); }")
    assert httpx.get(f"{first.url}/api/run/acme/last").text == "7"
    assert first.stop() == 0

    second = Stack.start(tmp_path / "data", port=first.port)
    try:
        assert not any(password in line for line in second.banner), "the password is printed once"
        assert second.token == first.token
        with Member(second, second.email, password) as member:
            lines = member.api("GET", "/last/logs").json()["lines"]
        assert "the very last line" in [line["text"] for line in lines]
        assert httpx.get(f"{second.url}/api/run/acme/last").text == "7"
    finally:
        second.stop()


def test_a_taken_port_is_said_plainly(own_stack, tmp_path):
    with pytest.raises(RuntimeError, match="WEBTASKS_PORT"):
        Stack.start(tmp_path / "second", port=own_stack.port)
