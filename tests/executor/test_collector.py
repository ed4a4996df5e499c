"""What of a worker's output becomes its log: secrets are out of it before it is cut."""

import json
from types import SimpleNamespace
from typing import Any, cast

import pytest

from executor.contract import Limits
from executor.logs.collector import CUT, MAX_TEXT, Collector
from executor.logs.line import Line
from executor.logs.pipe import MAX_LINE
from executor.logs.record import Origin
from executor.redaction import Redactor

VALUE = "s3cret-value-of-some-length"
STDOUT, STDERR, LOG = 1, 2, 4


class Output:
    """A worker's descriptors, and what came of what was written to them."""

    def __init__(self, **secrets: str) -> None:
        self.lines: list[Line] = []
        still = SimpleNamespace(time=lambda: 0.0)
        self.collector = Collector(cast("Any", still), self.lines.append)
        self.collector.bind(Origin("acme", "hello", "v1"), Limits(), Redactor(secrets))
        self._pipes = self.collector.pipes()

    def write(self, descriptor: int, *pieces: bytes) -> list[str]:
        for piece in pieces:
            self._pipes[descriptor].data_received(piece)
        return [line.text for line in self.lines]


def framed(text: str, **more: object) -> bytes:
    return json.dumps({"t": 1, "l": "info", "i": "1.1", "m": text, **more}).encode() + b"\n"


@pytest.mark.parametrize("descriptor", [STDOUT, STDERR])
def test_a_value_that_is_written_in_pieces_is_one(descriptor):
    value = VALUE.encode()
    assert Output(KEY=VALUE).write(descriptor, b"a " + value[:9], value[9:] + b" b\n") == ["a [secret KEY] b"]


def test_lines_of_the_guest_of_the_executor_and_of_a_death():
    output = Output(KEY=VALUE)
    output.collector.say("warn", f"network: {VALUE}")
    output.collector.conclude(f"killed at {VALUE}.js")
    assert output.write(LOG, framed(f"x {VALUE}"), f"no JSON {VALUE}\n".encode()) == [
        "network: [secret KEY]",
        "killed at [secret KEY].js",
        "x [secret KEY]",
        "no JSON [secret KEY]",
    ]


@pytest.mark.parametrize("before", [MAX_TEXT - 40, MAX_TEXT - 20, MAX_TEXT - 5, MAX_TEXT + 500])
def test_a_value_that_the_cut_goes_through_leaves_no_part(before):
    text = "x" * before + VALUE + "y" * 20_000
    sent = framed(text[: MAX_TEXT + 512], x=1)
    (told,) = Output(KEY=VALUE).write(LOG, sent)
    assert MAX_TEXT - len(VALUE) <= len(told) <= MAX_TEXT
    assert told.endswith(CUT)
    assert VALUE[:6] not in told
    (raw,) = Output(KEY=VALUE).write(STDOUT, text.encode() + b"\n")
    assert len(raw) <= MAX_TEXT
    assert VALUE[:6] not in raw


@pytest.mark.parametrize("pieces", [1, 3, 40])
def test_of_a_line_beyond_all_bounds_the_rest_is_dropped(pieces):
    """Its pieces would begin and end within a value."""
    line = VALUE.encode() * 10_000
    size = len(line) // pieces + 1
    told = Output(KEY=VALUE).write(
        STDOUT, *(line[at : at + size] for at in range(0, len(line), size)), b"\nnext\n"
    )
    assert [len(told), told[-1]] == [2, "next"]
    assert told[0].removeprefix("[secret KEY]" * 1365) == "[sec"
    plain = Output().write(STDOUT, b"z" * (MAX_LINE + 1), b"z" * 100, b"\nnext\n")
    assert plain == ["z" * MAX_TEXT, "next"]


def test_without_secrets_a_text_is_as_it_was():
    output = Output()
    assert output.write(LOG, framed("x" * MAX_TEXT), framed("y" * (MAX_TEXT + 512), x=1)) == [
        "x" * MAX_TEXT,
        "y" * (MAX_TEXT - len(CUT)) + CUT,
    ]
