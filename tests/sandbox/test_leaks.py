"""What a sandbox leaves behind: nothing."""

import os
from pathlib import Path

from tests.sandbox.ground import launching, policy_of, run


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def mounts(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/mountinfo").read_text().splitlines()


def children(pid: int) -> str:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text()


async def test_a_sandbox_leaves_no_process_descriptor_or_mount_in_launcher_and_zygote(data):
    async with launching(policy_of(data, "")) as launcher:
        zygote = launcher._zygote.pid
        await run(launcher)
        before = [descriptors(os.getpid()), descriptors(zygote), mounts(zygote), children(zygote)]
        for _ in range(5):
            await run(launcher)
        after = [descriptors(os.getpid()), descriptors(zygote), mounts(zygote), children(zygote)]
    assert after == before
    assert before[3] == ""


async def test_a_launcher_leaves_no_process_descriptor_or_mount(data):
    policy = policy_of(data, "")
    before = [descriptors(os.getpid()), mounts(os.getpid()), children(os.getpid())]
    for _ in range(2):
        async with launching(policy) as launcher:
            await launcher.spawn({})
    assert [descriptors(os.getpid()), mounts(os.getpid()), children(os.getpid())] == before
