"""What the walls of every runtime have in common."""

from executor.sandbox.policy import INNER_ID, Rlimit, Tmpfs

SCRATCH = "/tmp"  # noqa: S108 - the sandbox's own, nobody else is there
MIB = 1024 * 1024

ETC = {
    "/etc/passwd": f"webtask:x:{INNER_ID}:{INNER_ID}:webtask:{SCRATCH}:/bin/false\n",
    "/etc/group": f"webtask:x:{INNER_ID}:\n",
    "/etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    "/etc/resolv.conf": "nameserver 127.0.0.1\n",
    # An empty one saves the 6 ms that Node takes to read the distribution's.
    "/etc/ssl/openssl.cnf": "",
}

ENVIRONMENT = {
    "HOME": SCRATCH,
    "LANG": "C.UTF-8",
    "OPENSSL_CONF": "/etc/ssl/openssl.cnf",
    "PATH": "/bin",
    "TMPDIR": SCRATCH,
    "TZ": "UTC",
    "USER": "webtask",
}

RLIMITS = (
    Rlimit("CORE", 0, "a core dump would hold a team's secrets"),
    Rlimit("NOFILE", 256, "kernel memory"),
    Rlimit("FSIZE", 16 * MIB, "as much as /tmp holds"),
    Rlimit("NPROC", 48, "threads: Node's own, 4 of its pool, some worker_threads"),
    Rlimit("DATA", 4096 * MIB, "until limit_memory() sets the budget; Node's start takes some 550 MiB"),
    Rlimit("STACK", 8 * MIB, "not counted by DATA"),
    Rlimit(
        "AS", 128 * 1024 * MIB, "page tables: 256 MiB at most; WebAssembly reserves 8 GiB for each memory"
    ),
    Rlimit("MEMLOCK", 0, "memory of the host that cannot be moved"),
    Rlimit("MSGQUEUE", 0, "kernel memory"),
    Rlimit("SIGPENDING", 64, "kernel memory"),
    Rlimit("NICE", 0, "a fair share of CPU"),
    Rlimit("RTPRIO", 0, "a fair share of CPU"),
)

TMPFS = (Tmpfs(SCRATCH, 16 * MIB, 2000),)
