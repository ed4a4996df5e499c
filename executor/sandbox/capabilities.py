"""Giving up privileges."""

import ctypes
import errno
import struct

from executor.sandbox import libc

CHOWN = 0
DAC_OVERRIDE = 1
FOWNER = 3
KILL = 5
SETGID = 6
SETUID = 7
SETPCAP = 8
SYS_CHROOT = 18
SYS_ADMIN = 21
SETFCAP = 31
# To put sandboxes into directories as users of their own, to end them, and to clear away what they leave.
ESSENTIAL = frozenset({CHOWN, DAC_OVERRIDE, KILL, SETGID, SETUID, SYS_CHROOT})
JAILER = ESSENTIAL | {FOWNER, SETPCAP}
_VERSION_3 = 0x2008_0522


def effective() -> frozenset[int]:
    header = struct.pack("=Ii", _VERSION_3, 0)
    record = (ctypes.c_char * 24)()
    libc.call("capget", header, record)
    low, _, _, high, _, _ = struct.unpack("=6I", record.raw)
    bits = low | high << 32
    return frozenset(number for number in range(64) if bits >> number & 1)


def keep(numbers: frozenset[int]) -> None:
    """Effective and permitted become `numbers`, inheritable and ambient nothing."""
    libc.prctl(libc.PR_CAP_AMBIENT, libc.PR_CAP_AMBIENT_CLEAR_ALL)
    bits = sum(1 << number for number in numbers)
    low, high = bits & 0xFFFF_FFFF, bits >> 32
    libc.call("capset", struct.pack("=Ii", _VERSION_3, 0), struct.pack("=6I", low, low, 0, high, high, 0))


def empty_bounding_set() -> None:
    """Without this a program with file capabilities could hand them back."""
    for number in range(64):
        try:
            libc.prctl(libc.PR_CAPBSET_DROP, number)
        except OSError as error:
            if error.errno == errno.EINVAL and number:
                return  # the kernel knows no higher one
            raise
