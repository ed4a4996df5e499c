"""A sandbox that is given a directory of the host, at its birth and later (also started by hemmed.py); prints what it saw."""

import asyncio
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

from executor.config import accepted_weaker
from executor.runtimes import node
from executor.sandbox.launcher import Launcher
from tests.sandbox.ground import Running

PROGRAM = """
const fs = require("node:fs"), path = require("node:path");
const attempt = (f) => { try { return f(); } catch (error) { return error.code; } };
const early = process.env.VERQUIRE_DIR, store = path.dirname(early);
fs.writeSync(3, "up");
fs.readFileSync(3);
console.log(JSON.stringify({
  early: attempt(() => fs.readFileSync(`${early}/file`, "utf8")),
  late: attempt(() => fs.readFileSync(`${store}/late/below/file`, "utf8")),
  listed: attempt(() => fs.readdirSync(store)),
  written: attempt(() => fs.writeFileSync(`${store}/late/file`, "")),
}));
"""


def fill(directory: Path) -> None:
    directory.mkdir(parents=True)
    (directory / "file").write_text(directory.name)
    for path in (directory.parent, directory):
        path.chmod(0o755)
    (directory / "file").chmod(0o644)


async def share(data: Path) -> dict[str, object]:
    store = data / "roots" / "shared"
    fill(store / "platform")
    store.chmod(0o311)
    policy = node.policy(node.prepare(data), modules=store)
    policy = replace(policy, argv=(*policy.argv[:-1], "-e", PROGRAM))
    launcher = await Launcher.start(policy, accept_weaker=accepted_weaker())
    running = await Running.start(launcher)
    await running.line()
    fill(store / "late" / "below")
    launcher.lend(running.sandbox, "late")
    launcher.lend(running.sandbox, "late")
    running.channel.close()
    _, said, complained = await running.finish()
    await launcher.close()
    return {"mode": launcher.mode.name, **(json.loads(said) if said else {"complained": complained})}


if __name__ == "__main__":
    os.umask(0o077)
    sys.stdout.write(json.dumps(asyncio.run(share(Path(sys.argv[1])))))
