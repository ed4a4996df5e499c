"""The table of limits says what the contract, the policies and the node's settings do."""

import dataclasses

import pytest

from executor.ceilings import ceilings, clamp, effective, problem
from executor.config import Config, ConfigError
from executor.contract import Limits
from executor.limit import MIB
from executor.limits import LIMITS, SETTABLE, TABLE
from executor.runtimes import node

CEILING = ceilings(lambda name, default, low, high: default)


def test_every_field_of_the_contract_is_a_row_with_its_default():
    assert {row.name: row.default for row in SETTABLE.values()} == dataclasses.asdict(Limits())


def test_names_and_titles_are_unique():
    assert len(LIMITS) == len({row.title for row in TABLE}) == len(TABLE)


@pytest.mark.parametrize("row", SETTABLE.values(), ids=lambda row: row.name)
def test_a_rows_numbers_are_in_order(row):
    assert row.lowest <= row.default <= row.ceiling <= row.most


def test_the_walls_of_the_table_are_those_of_the_policy(tmp_path):
    policy = node.policy(tmp_path)
    rlimits = {limit.name: limit.value for limit in policy.rlimits}
    assert rlimits["NPROC"] == LIMITS["threads"].default
    assert rlimits["NOFILE"] == LIMITS["descriptors"].default
    assert rlimits["FSIZE"] == LIMITS["tmp_bytes"].default
    scratch = policy.tmpfs[0]
    assert (scratch.size, scratch.inodes) == (LIMITS["tmp_bytes"].default, LIMITS["tmp_inodes"].default)
    assert f"--max-old-space-size={LIMITS['heap_bytes'].default // MIB}" in policy.argv


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("wall_ms", 30_000, "30,000 ms"),
        ("memory_bytes", 128 * MIB, "128 MiB"),
        ("memory_bytes", 131.6 * MIB, "131.6 MiB"),
        ("response_bytes", 300, "300 bytes"),
        ("log_lines", 1, "1 line a second"),
        ("egress_bytes", 1 << 30, "1 GiB a minute"),
    ],
)
def test_values_read_like_prose(name, value, text):
    assert LIMITS[name].text(value) == text


def test_a_webtasks_wish_wins_over_its_teams_and_neither_over_the_ceiling():
    team, webtask = {"wall_ms": 5_000, "cpu_ms": 60_000}, {"wall_ms": 9_000, "memory_bytes": 1 << 40}
    assert effective(CEILING, team, webtask) == Limits(
        wall_ms=9_000, cpu_ms=60_000, memory_bytes=CEILING.memory_bytes
    )


def test_a_ceiling_below_a_default_lowers_it():
    low = dataclasses.replace(CEILING, memory_bytes=64 * MIB)
    assert clamp(Limits(), low).memory_bytes == 64 * MIB


@pytest.mark.parametrize(
    ("name", "value"), [("wall_ms", 100), ("wall_ms", 300_000), ("egress_connections", 0)]
)
def test_what_lies_between_the_lowest_and_the_ceiling_can_be_set(name, value):
    assert problem(name, value, CEILING) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("wall_ms", 99), ("wall_ms", 300_001), ("wall_ms", "30"), ("wall_ms", True), ("wall_ms", 1e3)],
)
def test_what_does_not_is_refused_with_both_ends(name, value):
    assert problem(name, value, CEILING) == "Wall time is a whole number from 100 to 300000 (ms)."


@pytest.mark.parametrize("name", ["threads", "speed"])
def test_what_cannot_be_set_is_told_with_what_can(name):
    assert "wall_ms" in (problem(name, 1, CEILING) or "")


def test_the_node_sets_its_ceilings(tmp_path):
    env = {"WEBTASKS_DATA": str(tmp_path), "WEBTASKS_NODE_TOKEN": "t"}
    assert Config.from_env(env).ceiling == CEILING
    assert Config.from_env({**env, "WEBTASKS_CEILING_WALL_MS": "1000"}).ceiling.wall_ms == 1_000
    with pytest.raises(ConfigError, match="from 100 to 3600000"):
        Config.from_env({**env, "WEBTASKS_CEILING_WALL_MS": "1"})
