"""The system calls that an ordinary program of a runtime may make: one table a runtime, each row with its reason.

A call belongs here when Node or Python (with their usual packages) stop working without it: script/trace shows
which do. Whatever is in no table is ENOSYS, and most programs know another way then.
"""

import errno
from collections.abc import Mapping

from executor.sandbox.rules import ALLOW, BOTH_WORDS, LOW_WORD, PRETEND, SEAL, Case, Match, Rule, refuse

_NEW_NAMESPACES = 0x7E02_0000
_CLONE_PTRACE = 0x2000
_CLONE_PIDFD = 0x1000
_CLONE_THREAD = 0x1_0000
_WRITE, _EXECUTE = 2, 4
_MAP_TYPE = 0xF
_MAP_ANONYMOUS = 0x20
_MAP_GROWS_DOWN, _MAP_HUGE = 0x100, 0x4_0000
_SOCKET_TYPE = 0xF
_UNIX, _INET, _INET6 = 1, 2, 10
_STREAM, _DATAGRAM = 1, 2
_TCP, _UDP = 6, 17
_OUT_OF_BAND, _FAST_OPEN, _ZERO_COPY = 0x1, 0x2000_0000, 0x400_0000
_IN_ACCESS, _IN_CLOSE, _IN_OPEN = 0x1, 0x18, 0x20
_FUTEX_FLAGS = 0x180
# Level -> options: those of Node's and Python's own methods. Many of the others have been a way into the kernel
# (filters of one's own, other protocols on top, a handle on the process at the other end), and buffers of a size
# of one's own are kernel memory that no limit counts.
_SETTABLE = {
    1: (2, 6, 9, 13, 15, 20, 21),  # REUSEADDR BROADCAST KEEPALIVE LINGER REUSEPORT RCVTIMEO SNDTIMEO
    0: (1, 2, 10, 11, 24),  # TOS TTL MTU_DISCOVER RECVERR BIND_ADDRESS_NO_PORT
    _TCP: (1, 4, 5, 6, 12, 18),  # NODELAY KEEPIDLE KEEPINTVL KEEPCNT QUICKACK USER_TIMEOUT
    41: (16, 25, 26, 67),  # UNICAST_HOPS RECVERR V6ONLY TCLASS
}
_READABLE = {
    **_SETTABLE,
    1: (*_SETTABLE[1], 3, 4, 7, 8, 30, 38, 39),  # TYPE ERROR SNDBUF RCVBUF ACCEPTCONN PROTOCOL DOMAIN
}


def _allow(names: str, reason: str) -> Rule:
    return Rule(tuple(names.split()), ALLOW, reason)


def _options(table: Mapping[int, tuple[int, ...]]) -> tuple[Case, ...]:
    return tuple(Case((Match(1, (level,)), Match(2, options)), ALLOW) for level, options in table.items())


_SHARED = (
    _allow("read write pread64 pwrite64 lseek", "data in and out"),
    _allow("openat close pipe2", "descriptors, behind the fences"),
    _allow("newfstatat access readlink", "looking at files"),
    _allow("stat fstat lstat", "the same, by programs that were built for an older glibc, as Node is"),
    _allow("getdents64 getcwd chdir", "looking at folders"),
    _allow("rename mkdir rmdir unlink unlinkat link symlink", "files in the memory file system come and go"),
    _allow("ftruncate", "files in the memory file system shrink and grow"),
    Rule(
        ("fsync", "fdatasync"),
        PRETEND,
        "memory needs no flush, and the root's files would flush the host's disk",
    ),
    _allow("chmod fchmod utimensat", "own files only: one identity inside"),
    _allow("brk munmap", "memory, which RLIMIT_DATA counts"),
    _allow("set_tid_address gettid exit exit_group", "threads know themselves and end"),
    _allow("arch_prctl sched_getaffinity", "a thread's own data; how many processors there are"),
    _allow("clock_gettime clock_nanosleep", "CPU time, sleep, and hosts whose clock the vDSO cannot read"),
    _allow("poll epoll_create1 epoll_ctl", "event loops; glibc's resolver waits with poll"),
    _allow("rt_sigaction rt_sigprocmask rt_sigreturn", "handlers of own signals"),
    _allow("restart_syscall", "the kernel itself goes on with a sleep after a freeze and thaw"),
    _allow("connect getsockname getpeername shutdown", "the sockets that socket() lets be made"),
    _allow("bind listen accept4", "local sockets; Landlock refuses TCP"),
    _allow("getpid getppid getuid geteuid getgid getegid getgroups", "who am I"),
    _allow("uname sysinfo getrusage", "the kernel's release, how much memory there is, what was used"),
    _allow("getrandom", "keys"),
)

_NODE_ONLY = (
    _allow("statx statfs", "libuv's stat(), fs.statfs()"),
    _allow("writev readv preadv pwritev", "streams, fs.readv(), fs.writev()"),
    _allow("sendfile", "fs.copyFile(), once copy_file_range is unknown"),
    _allow("inotify_init1 inotify_rm_watch", "fs.watch(); counted per user"),
    _allow("epoll_pwait eventfd2", "libuv's event loop and its wake-up"),
    _allow("umask", "process.umask()"),
    _allow("mremap", "large buffers grow where they are"),
    _allow("mprotect", "V8 makes code"),
    _allow("set_robust_list rseq", "glibc's threads: locks that outlive their owner, counters per processor"),
    _allow("getpriority", "os.getPriority()"),
    _allow(
        "sched_getparam sched_getscheduler sched_yield",
        "V8's threads look at their schedule, and wait briefly",
    ),
)

_PYTHON_ONLY = (
    _allow("epoll_wait pselect6", "selectors, asyncio, select.select()"),
    _allow("dup2", "os.dup2()"),
    _allow("sigaltstack", "faulthandler"),
    _allow("setitimer", "signal.setitimer()"),
    # Python makes none of it; unlike an unknown call this one is answered as Node's table does.
    Rule(("prctl",), refuse(errno.EPERM), "the walls stay as they are"),
)

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
        "how a connection lingers, waits and is kept alive",
        _options(_SETTABLE),
    ),
    Rule(
        ("getsockopt",),
        refuse(errno.ENOPROTOOPT),
        "the same, and what came of a connection",
        _options(_READABLE),
    ),
    Rule(
        ("sendto", "sendmmsg"),
        refuse(errno.EOPNOTSUPP),
        "TCP, UDP (glibc asks for names with sendmmsg); not out of band, nor past connect()",
        (Case((Match(3, (0,), _OUT_OF_BAND | _FAST_OPEN | _ZERO_COPY),), ALLOW),),
    ),
    Rule(
        ("sendmsg",),
        refuse(errno.EOPNOTSUPP),
        "TCP, UDP and local sockets; not out of band, nor past connect()",
        (Case((Match(2, (0,), _OUT_OF_BAND | _FAST_OPEN | _ZERO_COPY),), ALLOW),),
    ),
    Rule(
        ("recvfrom",),
        refuse(errno.EINVAL),
        "TCP, UDP and local sockets; not out of band",
        (Case((Match(3, (0,), _OUT_OF_BAND),), ALLOW),),
    ),
    Rule(
        ("recvmsg",),
        refuse(errno.EINVAL),
        "TCP, UDP and local sockets; not out of band",
        (Case((Match(2, (0,), _OUT_OF_BAND),), ALLOW),),
    ),
    Rule(
        ("futex",),
        refuse(errno.ENOSYS),
        "glibc's locks: WAIT WAKE REQUEUE CMP_REQUEUE WAKE_OP and with bits; no priority is inherited here",
        (Case((Match(1, (0, 1, 3, 4, 5, 9, 10), LOW_WORD & ~_FUTEX_FLAGS),), ALLOW),),
    ),
    Rule(
        ("madvise",),
        refuse(errno.EINVAL),
        "memory comes and goes, in which pages; it is not merged with that of others (MADV_MERGEABLE)",
        (Case((Match(2, (0, 1, 2, 3, 4, 8, 10, 14, 15, 16, 17, 20, 21, 22, 23)),), ALLOW),),
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

_NODE_CHECKED = (
    Rule(
        ("mmap",),
        refuse(errno.EPERM),
        "private memory or shared files; not what RLIMIT_DATA does not count: shared memory, stacks, the host's huge pages",
        (
            Case((Match(3, (2,), _MAP_TYPE | _MAP_GROWS_DOWN | _MAP_HUGE),), ALLOW),
            Case((Match(3, (1, 3), _MAP_TYPE | _MAP_ANONYMOUS),), ALLOW),
        ),
    ),
    Rule(
        ("prctl",),
        refuse(errno.EPERM),
        "names of threads and memory, no_new_privs; not the death signal, dumping or a filter",
        (Case((Match(0, (15, 16, 38, 39, 0x5356_4D41)),), ALLOW),),
    ),
    Rule(
        ("inotify_add_watch",),
        refuse(errno.EINVAL),
        "fs.watch(): changes; not who opens and reads files, for all sandboxes share those of the root",
        (Case((Match(2, (0,), _IN_ACCESS | _IN_CLOSE | _IN_OPEN),), ALLOW),),
    ),
)

# Python makes no code: what can be written is never executed, and what can be executed is a file of the root.
_PYTHON_CHECKED = (
    Rule(
        ("mmap",),
        refuse(errno.EPERM),
        "private memory, shared files, libraries; not code of one's own, nor what RLIMIT_DATA does not count",
        (
            Case((Match(2, (0,), _EXECUTE), Match(3, (2,), _MAP_TYPE | _MAP_GROWS_DOWN | _MAP_HUGE)), ALLOW),
            Case((Match(2, (0,), _EXECUTE), Match(3, (1, 3), _MAP_TYPE | _MAP_ANONYMOUS)), ALLOW),
            Case(
                (Match(2, (_EXECUTE,), _EXECUTE | _WRITE), Match(3, (2,), _MAP_TYPE | _MAP_ANONYMOUS)), ALLOW
            ),
        ),
    ),
    Rule(
        ("mprotect",),
        refuse(errno.EPERM),
        "the loader protects what it has linked; nothing becomes code",
        (Case((Match(2, (0,), _EXECUTE),), ALLOW),),
    ),
)

NODE = (*_SHARED, *_NODE_ONLY, *_CHECKED, *_NODE_CHECKED, *_SEALED)
PYTHON = (*_SHARED, *_PYTHON_ONLY, *_CHECKED, *_PYTHON_CHECKED, *_SEALED)
