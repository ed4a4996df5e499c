"""A root that is only a container's: of many users of the host, or of one.

Prints what a program in a sandbox there says, and who it is inside that container.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from executor.sandbox import libc
from tests.sandbox.ground import Running, launching, policy_of

PROGRAM = (
    'require("node:fs").writeSync(3, `${process.getuid()} ${process.pid}`); setInterval(() => {}, 1000);'
)


def enter(first: int, count: int) -> None:
    """Becomes root of a new user namespace; one from outside writes its maps, as container engines do."""
    ready, go = os.pipe(), os.pipe()
    inside = os.getpid()
    writer = os.fork()
    if writer == 0:
        os.read(ready[0], 1)
        if os.geteuid() != 0:
            Path(f"/proc/{inside}/setgroups").write_text("deny")
        for kind in ("uid", "gid"):
            Path(f"/proc/{inside}/{kind}_map").write_text(f"0 {first} {count}")
        os.write(go[1], b"!")
        os._exit(0)
    libc.unshare(libc.NAMESPACE_FLAGS["user"])
    libc.prctl(libc.PR_SET_DUMPABLE, 1)
    os.write(ready[1], b"!")
    os.read(go[0], 1)
    os.waitpid(writer, 0)
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)
    libc.prctl(libc.PR_SET_DUMPABLE, 1)


def owner(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("\nUid:")[2].split()[0])


async def look_inside(data: Path) -> list[object]:
    async with launching(policy_of(data, PROGRAM)) as launcher:
        running = await Running.start(launcher)
        said = await running.line()
        user = owner(running.sandbox.pid)
        await running.stop()
        return [said, user, [layer.name for layer in launcher.layers if layer.state != "active"]]


def main() -> None:
    data, first, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    enter(first, count)
    sys.stdout.write(json.dumps(asyncio.run(look_inside(data))))


if __name__ == "__main__":
    main()
