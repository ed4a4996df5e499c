"""`python -m tests.sandbox.hemmed MODULE…`: runs it as container engines run things by default.

Root keeps the capabilities that Docker leaves it; nobody makes a namespace or mounts anything.
"""

import errno
import os
import sys

from executor.sandbox import capabilities, libc, seccomp
from executor.sandbox.rules import ALLOW, Case, Match, Rule, refuse

# CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE NET_RAW SYS_CHROOT MKNOD AUDIT_WRITE SETFCAP
LEFT = frozenset({0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31})
_REFUSED = ("unshare", "setns", "mount", "umount2", "pivot_root", "mount_setattr", "move_mount", "fsopen")
# clone3() keeps its flags in memory, where no filter looks; engines answer it like this too.
_UNKNOWN = ("clone3",)


def rules() -> list[Rule]:
    flags = [Case((Match(0, (flag,), flag),), refuse(errno.EPERM)) for flag in libc.NAMESPACE_FLAGS.values()]
    return [
        Rule(_REFUSED, refuse(errno.EPERM), "the engine's"),
        Rule(_UNKNOWN, refuse(errno.ENOSYS), "the engine's"),
        Rule(("clone",), ALLOW, "the engine's", tuple(flags)),
    ]


def hem_in() -> None:
    """This process and all it starts, for ever."""
    if os.geteuid() == 0:
        for number in set(range(41)) - LEFT:
            libc.prctl(libc.PR_CAPBSET_DROP, number)
        capabilities.keep(LEFT)
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    seccomp.install(seccomp.assemble(rules(), unknown=ALLOW), listen=False)


if __name__ == "__main__":
    hem_in()
    os.execv(sys.executable, [sys.executable, "-m", *sys.argv[1:]])
