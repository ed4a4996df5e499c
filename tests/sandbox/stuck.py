"""A worker whose code never ends, interrupted; prints where it was (also started by hemmed.py)."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from executor.config import accepted_weaker
from executor.contract import Deployment, Limits
from executor.logs.record import Origin
from executor.pool.place import Place
from executor.pool.spawn import spawn
from executor.runtimes import node
from executor.sandbox.launcher import Launcher

PATIENCE = 20.0
CODE = """
console.log('computes');
for (let n = 0; ; n++) {
  if (n === 2e8) console.log('computed');
}
"""
DEPLOYMENT = Deployment(
    team="acme",
    webtask="hello",
    slot="acme/hello",
    version=1,
    label="v1",
    entry="hello.js",
    files={"hello.js": CODE},
)


async def interrupted(data: Path) -> dict[str, object]:
    walls = node.policy(node.prepare(data))
    launcher = await Launcher.start(walls, accept_weaker=accepted_weaker())
    lines: asyncio.Queue[Any] = asyncio.Queue()
    try:
        born = await spawn(launcher, emit=lines.put_nowait, on_death=lambda _worker, _why: None)
        born.collector.bind(Origin("acme", "hello", "v1"), Limits())
        born.worker.bind(DEPLOYMENT)
        sandbox, looks = born.worker.sandbox, []
        assert sandbox is not None
        for _ in range(2):
            await asyncio.wait_for(lines.get(), PATIENCE)
            looks.append(sandbox.schedule())
        place = Place(born.worker.files)
        born.collector.overhear(place.take)
        sandbox.interrupt()
        await asyncio.wait_for(place.known.wait(), PATIENCE)
        sandbox.kill()
        await sandbox.exited
    finally:
        await launcher.close()
    return {
        "place": place.text,
        "ran": looks[1].ran > looks[0].ran if looks[0] and looks[1] else None,
        "gone": sandbox.schedule() is None,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(interrupted(Path(sys.argv[1])))))
