"""Every program in hostile/ says in its first comment how it must end; whatever it does, the next one is served."""

import re
import signal
from pathlib import Path

import pytest

from tests.escape import arena
from tests.escape.arena import Outcome

PROGRAMS = sorted(
    path for path in (Path(__file__).parent / "hostile").iterdir() if path.suffix in {".js", ".py"}
)
EXPECTATION = re.compile(
    r"(?://|#) Must (?P<kind>print|die by|be killed|run out of memory)(?: (?P<what>.+))?$"
)


def expectation(source: str) -> tuple[str, str]:
    match = EXPECTATION.match(source.splitlines()[0])
    assert match is not None, "the first line must say how it must end"
    return match["kind"], match["what"] or ""


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.name)
def test_it_ends_as_it_must_and_the_next_is_served(person, host, program):
    source = program.read_text()
    kind, what = expectation(source)
    for name, value in host.items():
        source = source.replace(name, value)
    language = program.suffix[1:]
    outcome = person.run(arena.fight, data=person.data, language=language, source=source)
    check(outcome, kind, what)


def check(outcome: Outcome, kind: str, what: str) -> None:
    match kind:
        case "print":
            assert (outcome.code, outcome.said.strip()) == (0, what), outcome
        case "die by":
            assert outcome.signal == signal.Signals[what], outcome
        case "be killed":
            assert outcome.signal == signal.SIGKILL, outcome
        case _:
            told = "out of memory" in outcome.complained or "RangeError" in outcome.complained
            assert (outcome.code != 0, told or outcome.out_of_memory) == (True, True), outcome


def test_there_are_programs_in_both_languages():
    assert {path.suffix for path in PROGRAMS} == {".js", ".py"}
