"""The system calls that are refused aloud: politely where a script can reach them, deadly where only an exploit does.

Killing for a call that `process.setuid(0)` makes would turn a mistake into a security event.
"""

import errno

from executor.sandbox.rules import KILL, Rule, refuse


def _forbid(names: str, reason: str) -> Rule:
    return Rule(tuple(names.split()), refuse(errno.EPERM), reason)


def _lack(names: str, reason: str) -> Rule:
    return Rule(tuple(names.split()), refuse(errno.EOPNOTSUPP), reason)


def _kill(names: str, reason: str) -> Rule:
    return Rule(tuple(names.split()), KILL, reason)


FORBIDDEN = (
    _forbid("fork vfork execveat", "one process, one program"),
    _forbid("setuid setgid setreuid setregid setresuid setresgid", "one identity"),
    _forbid("setgroups setfsuid setfsgid capset", "one identity"),
    _forbid("chown fchown lchown fchownat", "one identity"),
    _forbid("chroot mknod mknodat memfd_create", "one file system, without devices or hidden files"),
    _forbid("sethostname setdomainname personality", "the machine is not theirs"),
    _forbid(
        "setpriority sched_setaffinity sched_setscheduler sched_setparam sched_setattr", "a fair share of CPU"
    ),
    _forbid("setrlimit setsid setpgid seccomp", "the walls stay as they are"),
    # What copies a file asks for its attributes, and goes on without them only after this very answer.
    _lack(
        "getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr", "files have no extended attributes"
    ),
)

DEADLY = (
    _kill("ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd", "reaching into another process"),
    _kill("bpf perf_event_open userfaultfd vmsplice", "favourite ways into the kernel"),
    _kill("keyctl add_key request_key", "keys of the host"),
    _kill("mount umount2 pivot_root move_mount open_tree", "another file system"),
    _kill("fsopen fsconfig fsmount fspick mount_setattr", "another file system"),
    _kill("unshare setns", "another namespace"),
    _kill("open_by_handle_at name_to_handle_at fanotify_init fanotify_mark", "files past their paths"),
    _kill("init_module finit_module delete_module kexec_load kexec_file_load", "another kernel"),
    _kill("reboot swapon swapoff syslog vhangup acct quotactl lookup_dcookie", "the machine is not theirs"),
    _kill("iopl ioperm modify_ldt", "the hardware is not theirs"),
    _kill("settimeofday clock_settime clock_adjtime adjtimex", "the clock is not theirs"),
    _kill("memfd_secret migrate_pages move_pages", "memory past its limits"),
)
