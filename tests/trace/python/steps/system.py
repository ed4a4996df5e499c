"""What is asked of the process and the machine; what is refused must be an error that can be caught."""

import contextlib
import ctypes
import faulthandler
import multiprocessing
import os
import platform
import resource
import signal
import subprocess
import sys
import time
import tracemalloc


def looked():
    os.getpid(), os.getppid(), os.getuid(), os.getgid(), os.geteuid(), os.getegid()
    os.getgroups()
    os.cpu_count()
    os.sched_getaffinity(0)
    os.sysconf("SC_PHYS_PAGES")
    platform.uname()
    platform.platform()
    resource.getrusage(resource.RUSAGE_SELF)
    resource.getrlimit(resource.RLIMIT_NOFILE)
    sys.getswitchinterval()


def clocks():
    time.time(), time.monotonic(), time.perf_counter(), time.process_time(), time.thread_time()
    time.get_clock_info("monotonic")
    time.sleep(0.01)


def signals():
    heard = []
    signal.signal(signal.SIGUSR1, lambda *_: heard.append(1))
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.raise_signal(signal.SIGUSR1)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
    assert heard == [1, 1]


def alarms():
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 10)
    signal.setitimer(signal.ITIMER_REAL, 0)


def descriptors():
    reader, writer = os.pipe()
    os.dup2(writer, os.dup(writer))
    os.set_blocking(reader, False)
    os.write(writer, b"x")
    os.read(reader, 1)
    os.isatty(0)
    with contextlib.suppress(OSError):
        os.get_terminal_size()
    os.closerange(100, 110)
    os.close(reader)
    os.close(writer)


def refused():
    attempts = (
        os.fork,
        lambda: os.setuid(0),
        lambda: os.chown("/tmp", 0, 0),
        lambda: subprocess.run(["/python/bin/python"], check=False),
        lambda: os.posix_spawn("/python/bin/python", ["python"], {}),
        lambda: os.execv("/python/bin/python", ["python"]),
        lambda: multiprocessing.Process(target=print).start(),
        lambda: os.setpriority(os.PRIO_PROCESS, 0, 1),
        lambda: os.mkfifo("/tmp/fifo"),
    )
    for attempt in attempts:
        with contextlib.suppress(OSError):
            attempt()
            raise AssertionError(attempt)


def debugged():
    faulthandler.enable()
    faulthandler.dump_traceback_later(60)
    faulthandler.cancel_dump_traceback_later()
    tracemalloc.start()
    tracemalloc.stop()
    ctypes.CDLL(None).getpid()


STEPS = (looked, clocks, signals, alarms, descriptors, refused, debugged)
