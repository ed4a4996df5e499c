"""Giving up privileges."""

import ctypes
import errno
import struct

from executor.sandbox import libc

SETGID = 6
SETUID = 7
SYS_ADMIN = 21
SETFCAP = 31
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
