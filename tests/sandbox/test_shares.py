"""A directory of the host that sandboxes read from, whatever is put into it later."""

import json
import os

from tests.sandbox import sharing
from tests.sandbox.test_modes import hemmed, leave

SEEN = {"early": "platform", "late": "below", "listed": "EACCES"}


async def test_what_is_shared_later_appears_in_running_sandboxes(data):
    said = await sharing.share(data / "mounted")
    assert {**said, "mode": ""} == {**SEEN, "mode": "", "written": "EROFS"}


async def test_where_nothing_can_be_mounted_it_is_lent(data):
    _, output = await hemmed(data, "tests.sandbox.sharing", str(data / "lent"), accepted=leave())
    said = json.loads(output)
    # In a jail of its own it sees what it was lent and nothing else.
    own = {"mode": "container", "listed": ["late", "platform"]}
    mode = own if os.geteuid() == 0 else {"mode": "restricted"}
    assert said == {**SEEN, **mode, "written": "EACCES"}
