"""What a sandbox leaves behind: nothing."""

import os
from dataclasses import replace
from pathlib import Path

from executor.sandbox.launcher import Policy
from tests.sandbox.ground import launching, policy_of, run


def networked(data: Path) -> Policy:
    """With listeners, which nobody takes."""
    return replace(policy_of(data, ""), ports=(80, 443))


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def mounts(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/mountinfo").read_text().splitlines()


def children(pid: int) -> str:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text()


async def test_a_sandbox_leaves_no_process_descriptor_or_mount_in_launcher_and_zygote(data):
    async with launching(networked(data)) as launcher:
        zygote = launcher._zygote.pid
        await run(launcher)
        before = [descriptors(os.getpid()), descriptors(zygote), mounts(zygote), children(zygote)]
        for _ in range(5):
            await run(launcher)
        after = [descriptors(os.getpid()), descriptors(zygote), mounts(zygote), children(zygote)]
    assert after == before
    assert before[3] == ""


async def test_a_launcher_leaves_no_process_descriptor_or_mount(data):
    policy = networked(data)
    before = [descriptors(os.getpid()), mounts(os.getpid()), children(os.getpid())]
    for _ in range(2):
        async with launching(policy) as launcher:
            await launcher.spawn({})
    assert [descriptors(os.getpid()), mounts(os.getpid()), children(os.getpid())] == before
