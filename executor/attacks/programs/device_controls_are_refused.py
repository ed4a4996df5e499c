# Must print ENOTTY
# group: kernel
# attacks: ioctl
import os

from executor.attacks.guest.attack import call, say

# TIOCLINUX, TIOCSETD, FS_IOC_SETFLAGS, FICLONE, FIDEDUPERANGE, FS_IOC_FSGETXATTR, TUNSETIFF, KVM_CREATE_VM, BLKFLSBUF,
# SIOCGIFCONF, SIOCSPGRP, PIDFD_GET_INFO, NS_GET_USERNS, SECCOMP_IOCTL_NOTIF_RECV
CONTROLS = [
    *(0x541C, 0x5423, 0x40086602, 0x40049409, 0xC0189436, 0x801C581F, 0x400454CA, 0xAE01, 0x1261),
    *(0x8912, 0x8902, 0xC048FF0B, 0xB701, 0xC0502100),
]
file = os.open("/tmp/file", os.O_CREAT | os.O_RDWR)
say(*{call("ioctl", number, control, b"\0" * 256) for number in (0, 1, 3, file) for control in CONTROLS})
