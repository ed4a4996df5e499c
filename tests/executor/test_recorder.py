"""Every request is counted; as many as one looks at are kept whole."""

import asyncio
from itertools import pairwise

import pytest

from executor.contract import Deployment
from executor.logs import outbox as module
from executor.logs.account import WHOLE_BURST, WHOLE_PER_SECOND
from executor.logs.line import Invocation
from executor.logs.outbox import Outbox
from executor.logs.recorder import WINDOW_MS, Recorder
from executor.logs.tally import BOUNDS

HELLO = Deployment(team="acme", webtask="hello", slot="acme/hello", version=1, label="v1", entry="", files={})
OTHER = Deployment(team="acme", webtask="other", slot="acme/other", version=1, label="v1", entry="", files={})
START = 1_700_000_000_000.0  # a window's


class Desk:
    """A recorder whose clocks stand still until they are moved."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.outbox = Outbox()
        self.recorder = Recorder(
            self.outbox, now=lambda: self.seconds, date=lambda: START + self.seconds * 1000
        )

    def serve(self, count: int, *, deployment: Deployment = HELLO, status: int = 200, ms: float = 1.0) -> int:
        """How many of them were kept whole."""
        kept = 0
        for number in range(count):
            origin = self.recorder.count(deployment, status, ms)
            if origin is None:
                continue
            kept += 1
            self.recorder.keep(
                Invocation(
                    origin=origin,
                    id=f"{number}",
                    method="GET",
                    path="/",
                    status=status,
                    ms=ms,
                    time=START,
                    source="webtask",
                )
            )
        return kept

    def pass_window(self) -> None:
        self.seconds += WINDOW_MS / 1000
        self.recorder.close_window()

    async def told(self) -> dict[str, list[dict[str, object]]]:
        """What has come to the outbox by now, acknowledged."""
        batch = await anext(self.outbox.batches(after=0))
        self.outbox.acked(batch.seq)
        return batch.lists


@pytest.fixture
def run(background):
    return lambda story: background.run(story())


def test_a_quiet_webtask_has_every_request_kept_and_counted(run):
    async def story() -> None:
        desk = Desk()
        assert desk.serve(3) == 3
        desk.pass_window()
        told = await desk.told()
        [tally] = told["tallies"]
        assert len(told["invocations"]) == tally["requests"] == 3
        assert (tally["team"], tally["webtask"], tally["label"]) == ("acme", "hello", "v1")
        assert (tally["time"], tally["seconds"], tally["thinned"]) == (START, 10.0, 0)

    run(story)


def test_a_busy_one_is_thinned_and_says_by_how_many(run):
    async def story() -> None:
        desk = Desk()
        assert desk.serve(1000) == WHOLE_BURST
        desk.seconds = 1.0
        assert desk.serve(1000) == WHOLE_PER_SECOND
        desk.pass_window()
        [tally] = (await desk.told())["tallies"]
        assert (tally["requests"], tally["thinned"]) == (2000, 2000 - WHOLE_BURST - WHOLE_PER_SECOND)

    run(story)


def test_good_answers_crowd_out_neither_failures_nor_neighbours(run):
    async def story() -> None:
        desk = Desk()
        desk.serve(1000)
        assert desk.serve(3, status=502) == 3
        assert desk.serve(3, deployment=OTHER) == 3
        assert desk.serve(1000, status=500) == WHOLE_BURST - 3
        desk.pass_window()
        hello, other = (await desk.told())["tallies"]
        assert hello["statuses"] == {"2xx": 1000, "5xx": 1003}
        assert other["statuses"] == {"2xx": 3}

    run(story)


def test_durations_are_told_by_their_bounds(run):
    async def story() -> None:
        desk = Desk()
        for ms in (-5.0, 0.0, 0.1, 0.11, 2.0, 10.0**9):
            desk.serve(1, ms=ms)
        desk.pass_window()
        [tally] = (await desk.told())["tallies"]
        assert tally["spread"] == {"0.1": 3, "0.112": 1, "2": 1, f"{BOUNDS[-1]:g}": 1}
        assert tally["ms_max"] == 10.0**9

    run(story)


def test_bounds_are_never_far_apart():
    assert all(low < high < low * 1.13 for low, high in pairwise(BOUNDS))


def test_each_window_counts_its_own_and_nothing_is_told_of_none(run):
    async def story() -> None:
        desk = Desk()
        desk.serve(1)
        desk.pass_window()
        desk.serve(2)
        desk.pass_window()
        desk.pass_window()
        desk.serve(3)
        desk.pass_window()
        tallies = (await desk.told())["tallies"]
        assert [(tally["time"], tally["requests"]) for tally in tallies] == [
            (START, 1),
            (START + WINDOW_MS, 2),
            (START + 3 * WINDOW_MS, 3),
        ]

    run(story)


def test_while_the_console_is_away_windows_grow_and_no_count_is_lost(run, monkeypatch):
    monkeypatch.setattr(module, "MAX_WAITING", 5)

    async def story() -> None:
        desk = Desk()
        assert desk.serve(8) == 5
        desk.pass_window()
        assert desk.serve(4) == 0
        first = await desk.told()
        assert "tallies" not in first
        assert len(first["lines"]) == 0  # no line is missing, so none tells of a loss
        desk.pass_window()
        [tally] = (await desk.told())["tallies"]
        assert (tally["requests"], tally["thinned"], tally["seconds"]) == (12, 7, 20.0)

    run(story)


def test_a_window_ends_by_itself(background):
    async def story() -> None:
        outbox = Outbox()
        # The date is a moment before a window's end.
        recorder = Recorder(outbox, date=lambda: START + WINDOW_MS - 1)
        recorder.count(HELLO, 200, 1.0)
        batch = await asyncio.wait_for(anext(outbox.batches(after=0)), 20)
        assert batch.lists["tallies"][0]["requests"] == 1

    background.run(story())
