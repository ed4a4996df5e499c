"""A process with a launcher and two sandboxes, made to be killed. Prints the pids of all it started."""

import asyncio
import json
import sys
from pathlib import Path

from executor.config import accepted_weaker
from executor.sandbox.launcher import Launcher
from tests.sandbox.ground import policy_of


async def main() -> None:
    policy = policy_of(Path(sys.argv[1]), "setInterval(() => {}, 1000)")
    launcher = await Launcher.start(policy, accept_weaker=accepted_weaker())
    sandboxes = [await launcher.spawn({}) for _ in range(2)]
    sys.stdout.write(json.dumps([launcher._zygote.pid, *(sandbox.pid for sandbox in sandboxes)]) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
