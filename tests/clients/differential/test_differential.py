"""The same code run by npm's webtask-runtime, the original's local runtime, and by us, compared field by field.

What differs on purpose is named in the table, with the reason; a reason that no longer applies fails, too.
"""

import httpx
import pytest

from tests.clients.differential import ours, reference
from tests.clients.differential.answers import differences
from tests.clients.differential.table import CASES, SERVED
from tests.guest.guest import Guest


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    with reference.serving(
        {case.name: case for case in (*CASES, *SERVED)}.values(), tmp_path_factory.mktemp("reference")
    ) as running:
        yield running


@pytest.fixture(scope="module")
def http():
    with httpx.Client(timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def guests(background):
    """Lends a guest that the last case did not end."""
    alive: list[Guest] = []

    async def lend() -> Guest:
        # One that said LEAVE answers still, and ends a moment later.
        if not alive or alive[-1].exit.done() or not alive[-1].control.empty():
            alive.append(Guest())
            await alive[-1].start()
        return alive[-1]

    yield lend
    for guest in alive:
        background.run(guest.stop())


def test_the_table_names_each_case_once():
    assert len({case.name for case in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_same_answer(background, guests, original, case):
    async def mine():
        return await ours.by_guest(await guests(), case)

    compare(background.run(mine()), original.run(case), case)


@pytest.mark.parametrize("case", SERVED, ids=lambda case: case.name)
def test_same_answer_of_the_whole_server(stack, http, original, case):
    compare(ours.by_server(stack, http, case), original.run(case), case)


def compare(mine, theirs, case):
    differing = differences(mine, theirs)
    unnamed = {field: both for field, both in differing.items() if not any(map(_covers(field), case.differs))}
    assert not unnamed
    assert not [name for name in case.differs if not any(_covers(field)(name) for field in differing)]


def _covers(field):
    return lambda name: field == name or field.startswith(f"{name}.")
