"""CPU is shared out by what can be seen from outside; nobody pays for long for what others use."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from executor.contract import Limits
from executor.pool.meter import Account, Meter

LIMITS = Limits()


@dataclass
class Open:
    """As much of a stream as the meter looks at."""

    cpu: Account = field(default_factory=lambda: Account(0.0))


def meter() -> Meter:
    return Meter(LIMITS, now=0.0, used=5.0)


def test_what_the_start_used_is_nobodys():
    one, stream = meter(), Open()
    one.share(5.0, [stream], 0.25)  # type: ignore[list-item]
    assert stream.cpu.used == 0


def test_the_open_requests_share_evenly_with_those_that_have_ended():
    one, streams = meter(), [Open(), Open()]
    one.stream_over()
    one.share(5.3, streams, 0.25)  # type: ignore[arg-type]
    assert [round(stream.cpu.used, 6) for stream in streams] == [0.1, 0.1]
    assert one.background.used == 0


def test_what_is_used_while_no_request_is_open_is_the_backgrounds():
    one = meter()
    one.share(15.1, [], 11.0)
    assert one.exceeded(one.background)


def test_an_open_stream_beside_a_busy_webtask_is_spared():
    """An hour of server-sent events, while short requests keep three quarters of a processor busy."""
    one, events, used = meter(), Open(), 5.0
    for tick in range(4 * 3600):
        used += 0.19
        for _ in range(5):
            one.stream_over()
        one.share(used, [events], tick / 4)  # type: ignore[list-item]
        assert not one.exceeded(events.cpu)


def test_a_request_that_never_rests_is_found_though_it_streams():
    one, busy, used, tick = meter(), Open(), 5.0, 0
    while not one.exceeded(busy.cpu):
        tick, used = tick + 1, used + 0.25
        one.share(used, [busy], tick / 4)  # type: ignore[list-item]
    assert tick == 41


@given(st.lists(st.tuples(st.floats(0, 2), st.integers(0, 4), st.integers(0, 4)), max_size=30))
def test_no_more_is_charged_than_was_used(ticks):
    one, used = meter(), 5.0
    streams = [Open() for _ in range(4)]
    for number, (increase, still_open, over) in enumerate(ticks):
        used += increase
        for _ in range(over):
            one.stream_over()
        one.share(used, streams[:still_open], number / 4)  # type: ignore[arg-type]
    charged = sum(stream.cpu.used for stream in streams) + one.background.used
    assert charged <= used - 5.0 + 1e-6
