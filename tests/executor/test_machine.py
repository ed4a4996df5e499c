"""What memory there is: the machine's, or what a control group leaves of it."""

import pytest

from executor.machine import memory


@pytest.mark.parametrize("name", ["memory.max", "memory/memory.limit_in_bytes"])
def test_a_control_group_may_leave_less(tmp_path, name):
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("1048576\n")
    assert memory(tmp_path) == 1048576


@pytest.mark.parametrize("text", ["max\n", "9223372036854771712\n", ""])
def test_no_limit_is_the_machines_memory(tmp_path, text):
    (tmp_path / "memory.max").write_text(text)
    assert memory(tmp_path) == memory(tmp_path / "absent") > 1 << 20
