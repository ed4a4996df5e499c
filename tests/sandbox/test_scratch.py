"""How much is in a directory that stands for scratch space."""

import pytest

from executor.sandbox.policy import Tmpfs
from executor.sandbox.scratch import exceeds

BOUNDS = Tmpfs("/tmp", size=1 << 20, inodes=10)


@pytest.mark.parametrize(("files", "beyond"), [(10, False), (11, True)])
def test_files_are_counted_wherever_they_are(tmp_path, files, beyond):
    place = tmp_path
    for number in range(files // 2):
        place = place / f"{number}"
        place.mkdir()
        (place / "file").touch()
    for number in range(files % 2):
        (tmp_path / f"file {number}").touch()
    assert exceeds(tmp_path, BOUNDS) is beyond


def test_what_is_stored_counts_and_not_what_a_sparse_file_claims(tmp_path):
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 30)
    assert not exceeds(tmp_path, BOUNDS)
    (tmp_path / "full").write_bytes(b"x" * (BOUNDS.size + 1))
    assert exceeds(tmp_path, BOUNDS)


def test_links_are_not_followed_and_what_is_gone_holds_nothing(tmp_path):
    (tmp_path / "around").symlink_to(tmp_path)
    (tmp_path / "root").symlink_to("/")
    assert not exceeds(tmp_path, BOUNDS)
    assert not exceeds(tmp_path / "absent", BOUNDS)
