"""Two neighbours on a host without namespaces (started by hemmed.py); prints what they see, and what they leave."""

import asyncio
import json
import socket
import sys
from pathlib import Path

from executor.config import accepted_weaker
from executor.sandbox.launcher import Launcher
from tests.sandbox.ground import Running, policy_of

PROGRAM = """
const fs = require("node:fs"), os = require("node:os"), path = require("node:path");
const attempt = (f) => { try { return f(); } catch (error) { return error.code; } };
const own = path.join(os.tmpdir(), "own");
fs.writeFileSync(own, "mine");
fs.mkdirSync(path.join(os.tmpdir(), ...Array(60).fill("deep")), { recursive: true });
fs.writeSync(3, JSON.stringify({ uid: process.getuid(), home: os.homedir(), name: attempt(() => os.userInfo().username) }));
const [theirs, listening] = JSON.parse(fs.readFileSync(3, "utf8"));
const connect = (where) => new Promise((done) => {
  const socket = require("node:net").connect(where);
  socket.on("error", (error) => done(error.code)).on("connect", () => done("connected"));
});
(async () => console.log(JSON.stringify({
  own: fs.readFileSync(own, "utf8"),
  theirs: attempt(() => fs.readFileSync(path.join(theirs, "own"), "utf8")),
  chmod: attempt(() => fs.chmodSync(own, 0o600) ?? "done"),
  path: await connect({ path: listening }),
  loopback: await connect({ host: "127.0.0.1", port: 9 }),
  signal: attempt(() => process.kill(process.ppid, 0)),
})))();
"""


FILLER = """
const fs = require("node:fs"), os = require("node:os"), path = require("node:path");
fs.writeSync(3, "up");
for (let n = 0; ; n++) fs.writeFileSync(path.join(os.tmpdir(), `${n}`), Buffer.alloc(1 << 20, 1));
"""


async def neighbours(data: Path) -> dict[str, object]:
    policy = policy_of(data, PROGRAM)
    launcher = await Launcher.start(policy, accept_weaker=accepted_weaker())
    jails = policy.root.parent / "jails"
    listening = str(data / "listening")
    with socket.socket(socket.AF_UNIX) as host:
        host.bind(listening)
        host.listen()
        pair = [await Running.start(launcher) for _ in range(2)]
        told = [json.loads(await running.line()) for running in pair]
        homes = sorted(str(path) for path in jails.glob("*/*"))
        asked = [homes[1], listening]
        pair[0].channel.sendall(json.dumps(asked).encode())
        pair[0].channel.shutdown(socket.SHUT_WR)
        ended, said, complained = await pair[0].finish()
        await pair[1].stop()
        after = await Running.start(launcher)
        await after.line()
        await after.stop()
        filling = await Running.start(launcher, argv=("/bin/node", "-e", FILLER))
        filled, _, _ = await filling.finish()
    await launcher.close()
    return {
        "mode": launcher.mode.name,
        "told": told,
        "saw": json.loads(said) if ended.code == 0 else [said, complained, str(ended)],
        "filled": [filled.signal, filled.overfull],
        "left": [str(path) for path in jails.rglob("*")],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(neighbours(Path(sys.argv[1])))))
