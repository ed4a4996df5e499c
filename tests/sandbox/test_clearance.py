"""What a sandbox left on the host goes, whatever it looks like."""

import os

from executor.sandbox import owner
from executor.sandbox.clearance import clear, clear_dead

GONE = 4_000_000  # beyond the kernel's highest pid


def test_a_path_longer_than_any_call_takes_is_removed(tmp_path):
    left = tmp_path / "left"
    left.mkdir()
    here = os.open(left, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("deeper", dir_fd=here)
        inner = os.open("deeper", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    clear(left)
    assert list(tmp_path.iterdir()) == []


def test_closed_directories_links_and_pipes_are_removed_and_nothing_beyond(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    left = tmp_path / "left"
    (left / "closed" / "inner").mkdir(parents=True)
    (left / "link").symlink_to(outside)
    (left / "closed" / "0").symlink_to("/")
    os.mkfifo(left / "pipe")
    (left / "closed").chmod(0)
    clear(left)
    assert (outside / "kept").read_text() == "kept"
    assert list(tmp_path.iterdir()) == [outside]


def test_an_interrupted_removal_is_taken_up_again(tmp_path):
    left, heap = tmp_path / "left", tmp_path / "left.gone"
    (heap / "7" / "half").mkdir(parents=True)
    (left / "more").mkdir(parents=True)
    clear(left)
    clear(left)
    assert list(tmp_path.iterdir()) == []


def test_only_what_the_dead_left_is_cleared(tmp_path):
    mine = owner.name()
    dead = mine.replace(f"-{os.getpid()}-", f"-{GONE}-")
    foreign = f"{owner.PREFIX}1-{GONE}-1"
    for name in (mine, dead, foreign, "else"):
        (tmp_path / name / "inner").mkdir(parents=True)
    clear_dead(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {mine, foreign, "else"}


def test_the_same_number_started_at_another_time_is_somebody_else():
    mine = owner.name()
    assert owner.alive(mine)
    assert not owner.alive(f"{mine}0")
