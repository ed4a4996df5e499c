"""Where control groups can be made, read from what a kernel tells."""

from pathlib import Path

import pytest

from executor.sandbox import hierarchy
from executor.sandbox.group import settings
from executor.sandbox.hierarchy import LEAF, Place
from executor.sandbox.policy import Quota

QUOTA = Quota(memory=1 << 30, pids=64, cpus=0.5)


@pytest.fixture
def kernel(tmp_path):
    """A process whose /proc tells of control groups in directories of ours."""
    process = tmp_path / "proc"
    process.mkdir()

    def tell(mounts, groups):
        lines = [
            f"30 20 0:{20 + number} {root} {tmp_path}/{point} rw,relatime - {kind} {kind} {options}"
            for number, (root, point, kind, options) in enumerate(mounts)
        ]
        (process / "mountinfo").write_text("\n".join(lines))
        (process / "cgroup").write_text("\n".join(groups) + "\n")
        return process

    return tell


def tree(path, *, offered="cpuset cpu io memory pids", given=""):
    path.mkdir(parents=True)
    (path / "cgroup.controllers").write_text(offered)
    (path / "cgroup.subtree_control").write_text(given)
    (path / "cgroup.procs").write_text("")
    return path


def test_version_2_is_used_where_a_unit_delegates_it(kernel, tmp_path):
    unit = tree(tmp_path / "cg/system.slice/webtasks.service", given="cpu memory pids")
    process = kernel([("/", "cg", "cgroup2", "rw")], ["0::/system.slice/webtasks.service"])
    assert hierarchy.find(process) == [Place("v2", ("memory", "pids", "cpu"), unit)]


def test_an_executor_that_moved_aside_before_finds_the_same_place(kernel, tmp_path):
    unit = tree(tmp_path / "cg/unit", given="cpu memory pids")
    (unit / LEAF).mkdir()
    process = kernel([("/", "cg", "cgroup2", "rw")], [f"0::/unit/{LEAF}"])
    assert hierarchy.find(process) == [Place("v2", ("memory", "pids", "cpu"), unit)]


def test_a_container_is_shown_its_own_part_of_version_1(kernel, tmp_path):
    for name in ("memory", "cpu,cpuacct"):
        (tmp_path / "cg" / name).mkdir(parents=True)
    mounts = [
        ("/docker/1f", "cg/memory", "cgroup", "rw,memory"),
        ("/docker/1f", "cg/cpu,cpuacct", "cgroup", "rw,cpu,cpuacct"),
    ]
    process = kernel(mounts, ["4:memory:/docker/1f", "3:cpu,cpuacct:/docker/1f", "0::/"])
    assert hierarchy.find(process) == [
        Place("v1", ("memory",), tmp_path / "cg/memory"),
        Place("v1", ("cpu",), tmp_path / "cg/cpu,cpuacct"),
    ]


def test_version_1_is_used_where_version_2_has_no_memory(kernel, tmp_path):
    tree(tmp_path / "unified", offered="hugetlb")
    (tmp_path / "memory/deep").mkdir(parents=True)
    mounts = [("/", "unified", "cgroup2", "rw"), ("/", "memory", "cgroup", "rw,memory")]
    process = kernel(mounts, ["4:memory:/deep", "0::/"])
    assert hierarchy.find(process) == [Place("v1", ("memory",), tmp_path / "memory/deep")]


def test_nowhere_is_no_error(kernel, tmp_path):
    assert hierarchy.find(kernel([], ["0::/"])) == []
    assert hierarchy.find(tmp_path / "absent") == []


def test_controllers_are_asked_for_and_what_the_kernel_gives_counts(tmp_path):
    place = tree(tmp_path / "unit", offered="memory pids")
    assert hierarchy.delegate(place, ("memory", "pids", "cpu")) == ()
    assert (place / "cgroup.subtree_control").read_text() == "+memory +pids"


def test_a_quota_is_written_as_each_version_wants_it():
    second = settings(Place("v2", ("memory", "pids", "cpu"), Path("/")), QUOTA)
    assert second["memory.max"] == str(1 << 30)
    assert (second["pids.max"], second["cpu.max"]) == ("64", "50000 100000")
    first = settings(Place("v1", ("memory", "cpu"), Path("/")), QUOTA)
    assert first["memory.limit_in_bytes"] == str(1 << 30)
    assert (first["cpu.cfs_quota_us"], first["cpu.cfs_period_us"]) == ("50000", "100000")
    assert "pids.max" not in first
