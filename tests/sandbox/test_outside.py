"""The walls as the host's kernel reports them."""

import os
from pathlib import Path

from tests.sandbox.ground import begin, launching, policy_of

UP = 'require("node:fs").writeSync(3, "up"); setInterval(() => {}, 1000)'


def proc(pid: int, name: str) -> str:
    return Path(f"/proc/{pid}/{name}").read_text()


def status(pid: int) -> dict[str, str]:
    lines = proc(pid, "status").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


async def alive(data):
    """A sandboxed program that is known to run."""
    running = await begin(data, UP)
    assert await running.line() == "up"
    return running


async def test_the_program_has_no_privilege_and_cannot_gain_any(data):
    running = await alive(data)
    seen = status(running.sandbox.pid)
    await running.stop()
    names = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp", "NSpid", "Umask")
    nothing = "0" * 16
    own_pid = f"{running.sandbox.pid}\t1"
    assert [seen[name] for name in names] == [nothing] * 5 + ["1", "2", own_pid, "0077"]


async def test_each_sandbox_of_root_is_a_user_of_its_own_and_an_ordinary_users_is_that_user(data):
    pair = [await alive(data) for _ in range(2)]
    seen = [status(running.sandbox.pid) for running in pair]
    users = [{int(word) for word in f"{them['Uid']} {them['Gid']}".split()} for them in seen]
    for running in pair:
        await running.stop()
    if os.geteuid() == 0:
        assert all(len(user) == 1 and min(user) >= 200_000 for user in users), users
        assert users[0].isdisjoint(users[1])
        assert [them["Groups"] for them in seen] == ["", ""]
    else:
        assert users == [{os.geteuid()}] * 2


async def test_no_namespace_is_shared_with_the_host_or_a_neighbour(data):
    kinds = ("user", "mnt", "pid", "net", "ipc", "uts", "cgroup")
    pair = [await alive(data) for _ in range(2)]
    pids = [os.getpid(), *(running.sandbox.pid for running in pair)]
    links = {kind: {os.readlink(f"/proc/{pid}/ns/{kind}") for pid in pids} for kind in kinds}
    for running in pair:
        await running.stop()
    assert {kind: len(names) for kind, names in links.items()} == dict.fromkeys(kinds, 3)


async def test_the_out_of_memory_killer_takes_sandboxes_first(data):
    running = await alive(data)
    score, own = (int(proc(pid, "oom_score_adj")) for pid in (running.sandbox.pid, os.getpid()))
    await running.stop()
    assert score == 900 > own


async def test_every_mount_inside_is_read_only_or_the_scratch_space(data):
    running = await alive(data)
    lines = proc(running.sandbox.pid, "mountinfo").splitlines()
    await running.stop()
    mounts = {line.split()[4]: set(line.split()[5].split(",")) for line in lines}
    assert mounts.keys() == {"/", "/tmp"}
    assert mounts["/"] >= {"ro", "nosuid", "nodev"}
    assert mounts["/tmp"] >= {"rw", "nosuid", "nodev", "noexec"}


async def test_the_zygote_sees_only_the_root_and_holds_only_what_it_needs(data):
    policy = policy_of(data, "")
    async with launching(policy) as launcher:
        zygote = launcher._zygote.pid
        seen = status(zygote)
        capabilities = int(seen["CapEff"], 16)
        assert seen["CapEff"] == seen["CapPrm"]
        assert [number for number in range(64) if capabilities >> number & 1] == [6, 7, 31]
        assert seen["NoNewPrivs"] == "1"
        assert set(os.listdir(f"/proc/{zygote}/root")) == set(os.listdir(policy.root))
        assert proc(zygote, "environ") == ""
        assert len(proc(zygote, "mountinfo").splitlines()) == 1
