"""Processes on hosts that lack a layer: a real filter, or a real limit, stands in for the poor kernel.

Takes a list of [layer+layer…, [accepted…]]; prints for each what came of starting a launcher and running a program.
"""

import asyncio
import errno
import json
import os
import sys
from pathlib import Path

from executor.sandbox import libc, seccomp
from executor.sandbox.launcher import SandboxUnavailable
from executor.sandbox.rules import ALLOW, Case, Match, Rule, refuse
from tests.sandbox.ground import launching, policy_of, run

PROGRAM = """
    const attempt = (f) => { try { f(); return "allowed"; } catch (error) { return error.code; } };
    const socket = require("node:net").connect(9, "127.0.0.1");
    socket.on("error", (error) => console.log(JSON.stringify([error.code, attempt(() => process.kill(1, 0))])));
"""
_NEW_LISTENER = 8


def _flagged(names: tuple[str, ...], argument: int, flag: int) -> list[Rule]:
    case = Case((Match(argument, (flag,), flag),), refuse(errno.EPERM))
    return [Rule(names, ALLOW, "the poor host's", (case,))]


def poor_host(layer: str) -> list[Rule]:
    match layer:
        case "mount":
            return [Rule(("mount",), refuse(errno.EPERM), "the poor host's")]
        case "landlock":
            return [Rule(("landlock_create_ruleset",), refuse(errno.ENOSYS), "the poor host's")]
        case "seccomp":
            return [Rule(("seccomp",), refuse(errno.EINVAL), "the poor host's")]
        case "seal":
            return _flagged(("seccomp",), 1, _NEW_LISTENER)
        case _:
            return _flagged(("clone", "unshare"), 0, libc.NAMESPACE_FLAGS[layer])


def exhaust_user_namespaces() -> None:
    """The administrator's way: none may be made below this one."""
    user, group = os.geteuid(), os.getegid()
    libc.unshare(libc.NAMESPACE_FLAGS["user"])
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


async def attempt(data: Path, accepted: frozenset[str]) -> dict[str, object]:
    try:
        async with launching(policy_of(data, PROGRAM), accepted) as launcher:
            ended, said, complained = await run(launcher)
            return {
                "mode": launcher.mode.name,
                "layers": {it.name: [it.state, it.accepted] for it in launcher.layers},
                "code": ended.code,
                "said": said + complained,
            }
    except SandboxUnavailable as error:
        return {"layer": error.layer, "reason": error.reason, "remedy": error.remedy}


def poor_process(data: Path, layer: str, accepted: list[str], answer: int) -> None:
    """In a child: neither filter nor limit can be taken back."""
    if layer == "namespaces":
        exhaust_user_namespaces()
    else:
        libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
        lacking = [rule for name in layer.split("+") for rule in poor_host(name)]
        seccomp.install(seccomp.assemble(lacking, unknown=ALLOW), listen=False)
    os.write(answer, json.dumps(asyncio.run(attempt(data, frozenset(accepted)))).encode())


def main() -> None:
    data = Path(sys.argv[1])
    policy_of(data, "")
    answers = []
    for layer, accepted in json.loads(sys.argv[2]):
        reader, writer = os.pipe()
        if os.fork() == 0:
            try:
                poor_process(data, layer, accepted, writer)
            finally:
                os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as file:
            answers.append(json.loads(file.read()))
        os.wait()
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    main()
