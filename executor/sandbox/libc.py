"""The C library and raw system calls, by ctypes. Every call raises OSError instead of returning -1."""

import ctypes
import os
import platform
import signal

from executor.sandbox.syscalls import NUMBERS

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4

MS_NOSUID = 0x2
MS_NODEV = 0x4
MS_NOEXEC = 0x8
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000
MNT_DETACH = 2

MOUNT_ATTR_RDONLY = 0x1
MOUNT_ATTR_NOSUID = 0x2
MOUNT_ATTR_NODEV = 0x4
MOUNT_ATTR_NOEXEC = 0x8
AT_EMPTY_PATH = 0x1000
AT_RECURSIVE = 0x8000

NAMESPACE_FLAGS = {
    "mount": 0x0002_0000,
    "cgroup": 0x0200_0000,
    "uts": 0x0400_0000,
    "ipc": 0x0800_0000,
    "user": 0x1000_0000,
    "pid": 0x2000_0000,
    "net": 0x4000_0000,
}

# PyDLL keeps the interpreter lock: a child made by a raw clone() must not have to win it back.
_library = ctypes.PyDLL(None, use_errno=True)
_syscall = _library.syscall
_syscall.restype = ctypes.c_long


def supported() -> bool:
    """The numbers below are those of x86_64; on another machine they would name other calls."""
    return platform.machine() == "x86_64" and ctypes.sizeof(ctypes.c_void_p) == 8


def call(name: str, *arguments: "int | bytes | ctypes.Array[ctypes.c_char] | None") -> int:
    """A raw system call. Integers travel as 64 bits, bytes and buffers as pointers."""
    ctypes.set_errno(0)
    result = int(_syscall(ctypes.c_long(NUMBERS[name]), *(_word(argument) for argument in arguments)))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def _word(argument: object) -> object:
    if argument is None:
        return ctypes.c_void_p(None)
    if isinstance(argument, int):
        return ctypes.c_ulong(argument & 0xFFFF_FFFF_FFFF_FFFF)
    return argument


def clone(flags: int) -> int:
    """fork() into new namespaces. The child goes on in the same Python frame: it must end in os._exit()."""
    return call("clone", flags | signal.SIGCHLD, 0, None, None, 0)


def unshare(flags: int) -> None:
    call("unshare", flags)


def prctl(operation: int, value: int = 0, third: int = 0) -> None:
    call("prctl", operation, value, third, 0, 0)


def mount(*, source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    words = [None if text is None else os.fsencode(text) for text in (source, target, kind, data)]
    call("mount", words[0], words[1], words[2], flags, words[3])


def mount_setattr(directory: int, attributes: int) -> None:
    """Adds attributes to a mount, keeping those it has: a remount would have to repeat locked ones."""
    record = b"".join(value.to_bytes(8, "little") for value in (attributes, 0, 0, 0))
    call("mount_setattr", directory, b"", AT_EMPTY_PATH | AT_RECURSIVE, record, len(record))


def pivot_root(new: str, old: str) -> None:
    call("pivot_root", os.fsencode(new), os.fsencode(old))


def unmount(target: str) -> None:
    call("umount2", os.fsencode(target), MNT_DETACH)


def close_from(lowest: int, highest: int = 0x7FFF_FFFF) -> None:
    if lowest <= highest:
        call("close_range", lowest, highest, 0)
