"""Where code without end is, asked from outside: as each kind of user, with and without namespaces."""

import json

from tests.sandbox.stuck import interrupted
from tests.sandbox.test_modes import hemmed, leave

SEEN = {"place": " at hello.js:3", "ran": True, "gone": True}


def normal(seen):
    """The loop is two lines long."""
    return {**seen, "place": seen["place"].replace("hello.js:4", "hello.js:3")}


async def test_a_worker_behind_every_wall_tells_its_line(data):
    assert normal(await interrupted(data)) == SEEN


async def test_a_worker_without_namespaces_tells_its_line(data):
    _, said = await hemmed(data, "tests.sandbox.stuck", str(data), accepted=leave())
    assert normal(json.loads(said)) == SEEN
