"""The system calls that an ordinary program of a runtime may make: one table a runtime, each row with its reason.

A call belongs here when Node or Python (with their usual packages) stop working without it: script/trace shows
which do. Whatever is in no table is ENOSYS, and most programs know another way then.
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


_SHARED = (
    _allow("read write writev pread64 pwrite64 lseek", "data in and out"),
    _allow("openat close dup2 pipe2", "descriptors, behind the fences"),
    _allow("stat fstat lstat newfstatat access readlink", "looking at files"),
    _allow("getdents64 getcwd chdir", "looking at directories"),
    _allow("rename mkdir rmdir unlink", "files in the memory file system come and go"),
    _allow("ftruncate fsync fdatasync", "databases in the memory file system"),
    _allow("chmod utimensat", "own files only: one identity inside"),
    _allow("brk munmap mprotect mremap madvise", "RLIMIT_DATA counts it; JIT and loader need mprotect"),
    _allow("futex set_robust_list set_tid_address rseq gettid", "glibc's threads and locks"),
    _allow("exit exit_group", "a thread ends, the program ends"),
    _allow("arch_prctl sched_getaffinity", "the start of a thread; how many processors"),
    _allow("clock_gettime clock_nanosleep", "CPU time, and hosts whose clock the vDSO cannot read"),
    _allow("poll epoll_create1 epoll_ctl", "event loops; glibc waits for names with poll"),
    _allow("rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack", "handlers of own signals"),
    _allow("restart_syscall", "a sleep goes on after the host froze and thawed the sandbox"),
    _allow("connect getsockname getpeername getsockopt shutdown", "sockets that socket() made"),
    _allow("bind listen accept4", "local sockets; Landlock refuses TCP ports"),
    _allow("sendto recvfrom sendmsg recvmsg sendmmsg", "TCP, UDP; glibc asks for names with sendmmsg"),
    _allow("getpid getppid getuid geteuid getgid getegid getgroups", "who am I"),
    _allow("uname sysinfo getrusage", "how much memory and CPU time; the kernel's release"),
    _allow("getrandom", "keys"),
)

_NODE_ONLY = (
    _allow("statx statfs", "libuv's stat() and fs.statfs()"),
    _allow("sendfile", "fs.copyFile()"),
    _allow("link symlink unlinkat", "fs.link(), fs.symlink(), fs.rm() of a tree"),
    _allow("inotify_init1 inotify_add_watch inotify_rm_watch", "fs.watch(); counted per user"),
    _allow("epoll_pwait eventfd2", "libuv's event loop and its wake-up"),
    _allow("fchmod umask", "fs.fchmod(), process.umask()"),
    _allow("getpriority", "os.getPriority()"),
    _allow("sched_getparam sched_getscheduler sched_yield", "V8's threads look at their schedule"),
)

_PYTHON_ONLY = (_allow("epoll_wait pselect6", "selectors and asyncio"),)

_CHECKED = (
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

_SEALED = (Rule(("execve",), SEAL, "let through once, for the program itself"),)

NODE = (*_SHARED, *_NODE_ONLY, *_CHECKED, *_SEALED)
PYTHON = (*_SHARED, *_PYTHON_ONLY, *_CHECKED, *_SEALED)
