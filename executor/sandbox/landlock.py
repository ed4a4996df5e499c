"""The second fence: what a process may do beneath which path, whatever the mounts say."""

import os
import stat
import struct
from collections.abc import Iterable

from executor.sandbox import libc
from executor.sandbox.plan import LandlockPlan
from executor.sandbox.policy import Access, Grant

_EXECUTE = 1 << 0
_WRITE_FILE = 1 << 1
_READ_FILE = 1 << 2
_READ_DIR = 1 << 3
_REMOVE = 1 << 4 | 1 << 5
_MAKE_DIRECTORY = 1 << 7
_MAKE_FILE = 1 << 8
_MAKE_SOCKET = 1 << 9
_MAKE_LINK = 1 << 12
_MOVE = 1 << 13
_TRUNCATE = 1 << 14
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE

_READ = _READ_FILE | _READ_DIR
_ACCESS = {
    Access.READ: _READ,
    Access.READ_EXECUTE: _READ | _EXECUTE,
    Access.READ_WRITE: _READ
    | _WRITE_FILE
    | _REMOVE
    | _MAKE_DIRECTORY
    | _MAKE_FILE
    | _MAKE_SOCKET
    | _MAKE_LINK
    | _MOVE
    | _TRUNCATE,
}

# What each version of the kernel's interface can refuse: files, TCP, signals and abstract sockets.
_FILES_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_NETWORK_VERSION, _BIND_AND_CONNECT, _CONNECT = 4, 0b11, 0b10
_SCOPE_VERSION, _SIGNALS_AND_ABSTRACT_SOCKETS = 6, 0b11

_RULE_PATH_BENEATH = 1
_RULE_NET_PORT = 2
_GET_VERSION = 1


def version() -> int:
    """Raises OSError when the kernel has no Landlock or it is switched off."""
    return libc.call("landlock_create_ruleset", None, 0, _GET_VERSION)


def plan(grants: Iterable[Grant], ports: Iterable[int], kernel: int) -> LandlockPlan:
    """Everything that kernel version can refuse is refused, except the grants and connecting to `ports`."""
    files = next(bits for known, bits in reversed(_FILES_BY_VERSION.items()) if known <= kernel)
    networked = kernel >= _NETWORK_VERSION
    return LandlockPlan(
        files=files,
        network=_BIND_AND_CONNECT if networked else 0,
        scopes=_SIGNALS_AND_ABSTRACT_SOCKETS if kernel >= _SCOPE_VERSION else 0,
        rows=[[grant.path, _ACCESS[grant.access] & files] for grant in grants],
        ports=[*ports] if networked else [],
    )


def restrict(fence: LandlockPlan) -> None:
    """For this process and its children, for ever. Needs no_new_privs and the final mounts."""
    handled = [fence.files, fence.network, fence.scopes]
    while not handled[-1]:
        handled.pop()
    record = struct.pack(f"={len(handled)}Q", *handled)
    ruleset = libc.call("landlock_create_ruleset", record, len(record), 0)
    try:
        for path, access in fence.rows:
            _allow(ruleset, path, access)
        for port in fence.ports:
            libc.call("landlock_add_rule", ruleset, _RULE_NET_PORT, struct.pack("=QQ", _CONNECT, port), 0)
        libc.call("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, access: int) -> None:
    beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(beneath).st_mode):
            access &= _ON_FILES
        libc.call("landlock_add_rule", ruleset, _RULE_PATH_BENEATH, struct.pack("=Qi", access, beneath), 0)
    finally:
        os.close(beneath)
