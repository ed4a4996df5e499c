"""The system calls that an ordinary program of a runtime may make, each group with its reason.

A call belongs here when Node or Python (with their usual packages) stop working without it, or when it does
only what a call already here does. Whatever is in no table is ENOSYS.
"""

import errno

from executor.sandbox.rules import ALLOW, BOTH_WORDS, SEAL, Case, Match, Rule, refuse

_NEW_NAMESPACES = 0x7E02_0000
_CLONE_PTRACE = 0x2000
_CLONE_PIDFD = 0x1000
_CLONE_THREAD = 0x1_0000
_MAP_TYPE = 0xF
_MAP_ANONYMOUS = 0x20
_SOCKET_TYPE = 0xF
_UNIX, _INET, _INET6 = 1, 2, 10
_STREAM, _DATAGRAM = 1, 2
_TCP, _UDP = 6, 17


def _allow(names: str, reason: str) -> Rule:
    return Rule(tuple(names.split()), ALLOW, reason)


FREE = (
    _allow(
        "read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek", "data in and out"
    ),
    _allow("open openat creat close close_range dup dup2 dup3 pipe pipe2", "descriptors, behind the fences"),
    _allow(
        "stat fstat lstat newfstatat statx access faccessat faccessat2 statfs fstatfs", "looking at files"
    ),
    _allow("getdents getdents64 readlink readlinkat getcwd chdir fchdir", "looking at directories"),
    _allow("getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr", "copying files asks for them"),
    _allow(
        "rename renameat renameat2 mkdir mkdirat rmdir unlink unlinkat", "the memory file system is writable"
    ),
    _allow(
        "link linkat symlink symlinkat truncate ftruncate fallocate umask",
        "the memory file system is writable",
    ),
    _allow(
        "chmod fchmod fchmodat fchmodat2 utimensat utime utimes futimesat",
        "own files only: one identity inside",
    ),
    _allow("fsync fdatasync sync_file_range fadvise64 flock", "databases in the memory file system"),
    _allow("copy_file_range sendfile", "copying without a detour"),
    _allow(
        "inotify_init inotify_init1 inotify_add_watch inotify_rm_watch", "watching files; counted per user"
    ),
    _allow(
        "brk munmap mprotect mremap madvise mincore msync",
        "memory, counted by RLIMIT_DATA; JIT needs mprotect",
    ),
    _allow("futex set_robust_list get_robust_list set_tid_address rseq gettid exit exit_group", "threads"),
    _allow(
        "sched_yield sched_getaffinity sched_getparam sched_getscheduler", "threads look at their schedule"
    ),
    _allow("sched_get_priority_max sched_get_priority_min getcpu arch_prctl", "threads"),
    _allow(
        "clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times", "clocks are only read"
    ),
    _allow("timerfd_create timerfd_settime timerfd_gettime setitimer getitimer", "timers"),
    _allow("epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2", "event loops"),
    _allow("poll ppoll select pselect6 eventfd eventfd2", "event loops"),
    _allow("rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend", "own signals"),
    _allow("rt_sigtimedwait sigaltstack restart_syscall pause", "own signals"),
    _allow(
        "bind connect listen accept accept4 getsockname getpeername shutdown",
        "sockets that socket() lets be made",
    ),
    _allow(
        "sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg getsockopt", "sockets that socket() lets be made"
    ),
    _allow("getpid getppid getuid geteuid getgid getegid getresuid getresgid getgroups", "who am I"),
    _allow("getpgrp getpgid getsid getpriority capget uname sysinfo getrusage getrlimit", "who am I"),
    _allow("wait4 waitid", "there is never a child to wait for"),
    _allow("getrandom", "keys"),
)

CHECKED = (
    Rule(
        ("clone",),
        refuse(errno.EPERM),
        "threads, never processes or namespaces",
        (
            Case(
                (Match(0, (_CLONE_THREAD,), _CLONE_THREAD | _NEW_NAMESPACES | _CLONE_PTRACE | _CLONE_PIDFD),),
                ALLOW,
            ),
        ),
    ),
    Rule(
        ("mmap",),
        refuse(errno.EPERM),
        "private memory or shared files; RLIMIT_DATA does not count shared anonymous memory",
        (
            Case((Match(3, (2,), _MAP_TYPE),), ALLOW),
            Case((Match(3, (1, 3), _MAP_TYPE | _MAP_ANONYMOUS),), ALLOW),
        ),
    ),
    Rule(
        ("socket",),
        refuse(errno.EAFNOSUPPORT),
        "local sockets, TCP and UDP; every other family is kernel code nobody here needs",
        (
            Case((Match(0, (_UNIX,)), Match(1, (_STREAM, _DATAGRAM), _SOCKET_TYPE)), ALLOW),
            Case((Match(0, (_INET, _INET6)), Match(1, (_STREAM,), _SOCKET_TYPE), Match(2, (0, _TCP))), ALLOW),
            Case(
                (Match(0, (_INET, _INET6)), Match(1, (_DATAGRAM,), _SOCKET_TYPE), Match(2, (0, _UDP))), ALLOW
            ),
        ),
    ),
    Rule(
        ("socketpair",),
        refuse(errno.EAFNOSUPPORT),
        "local pairs",
        (Case((Match(0, (_UNIX,)),), ALLOW),),
    ),
    Rule(
        ("setsockopt",),
        refuse(errno.ENOPROTOOPT),
        "options of sockets, IP, TCP, UDP and IPv6; no other protocol exists here",
        (Case((Match(1, (0, 1, _TCP, _UDP, 41)),), ALLOW),),
    ),
    Rule(
        ("ioctl",),
        refuse(errno.ENOTTY),
        "TCGETS TIOCGWINSZ FIONREAD FIONBIO FIONCLEX FIOCLEX SIOCATMARK; never TIOCSTI or a device",
        (Case((Match(1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451, 0x8905)),), ALLOW),),
    ),
    Rule(
        ("fcntl",),
        refuse(errno.EINVAL),
        "copies, flags and locks; not the signals, sizes and seals of a descriptor",
        (Case((Match(1, (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)),), ALLOW),),
    ),
    Rule(
        ("prctl",),
        refuse(errno.EPERM),
        "names of threads and memory, no_new_privs; not the death signal, dumping or a filter",
        (Case((Match(0, (15, 16, 38, 39, 0x5356_4D41)),), ALLOW),),
    ),
    Rule(
        ("prlimit64",),
        refuse(errno.EPERM),
        "limits are read, of oneself",
        (Case((Match(0, (0, 1)), Match(2, (0,), BOTH_WORDS)), ALLOW),),
    ),
    Rule(
        ("kill", "tgkill"),
        refuse(errno.EPERM),
        "signals to oneself, which is pid 1 inside",
        (Case((Match(0, (1,)),), ALLOW),),
    ),
)

SEALED = (Rule(("execve",), SEAL, "let through once, for the program itself"),)
