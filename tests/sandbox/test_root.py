"""Root directories: complete, shared, kept while in use, then pruned."""

import contextlib
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from executor.runtimes import root
from tests.sandbox.builder import content
from tests.sandbox.person import PROJECT


@contextlib.contextmanager
def builder(parent: Path, text: str):
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.sandbox.builder", str(parent), text],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process
        process.communicate()


def go(process) -> None:
    process.stdin.write("go\n")
    process.stdin.flush()


def built(process) -> Path:
    return Path(process.stdout.readline().strip())


def test_processes_that_build_at_once_get_the_same_complete_root(tmp_path):
    with contextlib.ExitStack() as stack:
        builders = [stack.enter_context(builder(tmp_path, "same")) for _ in range(4)]
        for process in builders:
            go(process)
        roots = {built(process) for process in builders}
        assert len(roots) == 1
        (only,) = roots
        assert (only / "etc/text").read_text() == "same"
        assert (only / "bin/python").stat().st_size == Path(sys.executable).stat().st_size
        assert list(tmp_path.iterdir()) == [only]


def test_everything_in_it_can_be_read_by_the_sandboxs_own_user_whatever_the_umask(tmp_path):
    with builder(tmp_path, "masked") as process:
        go(process)
        only = built(process)
        for path in [only, *only.rglob("*")]:
            wanted = 0o005 if path.is_dir() or path.parent.name == "bin" else 0o004
            assert stat.S_IMODE(path.stat().st_mode) & wanted == wanted, path


def test_another_content_is_another_root_and_the_old_one_goes_when_nobody_uses_it(tmp_path):
    with builder(tmp_path, "old") as user:
        go(user)
        old = built(user)
        with builder(tmp_path, "new") as process:
            go(process)
            new = built(process)
        assert new != old
        assert old.is_dir(), "it was in use"
    with builder(tmp_path, "new") as process:
        go(process)
        assert built(process) == new
        assert list(tmp_path.iterdir()) == [new]


def test_a_second_prepare_in_the_same_process_takes_nothing_new(tmp_path):
    first = root.prepare(tmp_path, "test", content("again"))
    before = len(os.listdir("/proc/self/fd"))
    assert root.prepare(tmp_path, "test", content("again")) == first
    assert len(os.listdir("/proc/self/fd")) == before


def test_what_a_killed_builder_left_is_removed(tmp_path):
    left = tmp_path / ".test-0123456789abcdef" / "bin"
    left.mkdir(parents=True)
    with builder(tmp_path, "next") as process:
        go(process)
        only = built(process)
        assert list(tmp_path.iterdir()) == [only]


def test_a_root_that_cannot_be_built_says_where_and_leaves_nothing(tmp_path):
    broken = root.Content({"/bin": Path(sys.executable), "/bin/python": Path(sys.executable)}, {})
    with pytest.raises(OSError, match=f"the sandbox root {tmp_path}/test-[0-9a-f]+ cannot be built"):
        root.prepare(tmp_path, "test", broken)
    assert list(tmp_path.iterdir()) == []
