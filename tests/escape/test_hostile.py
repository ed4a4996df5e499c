"""Every program in hostile/ says in its first line how it must end; whatever it does, the next one is served."""

import pytest

from executor.attacks.program import programs
from tests.escape import arena


@pytest.mark.parametrize("program", programs(), ids=lambda program: program.name)
def test_it_ends_as_it_must_and_the_next_is_served(person, host, program):
    source = program.aimed(host)
    outcome = person.run(
        arena.fight, data=person.data, language=program.language, source=source, walls=program.walls
    )
    assert outcome.meets(program.expected), (program.expected, outcome)


def test_there_are_programs_in_both_languages():
    assert {program.language for program in programs()} == {"node", "python"}
