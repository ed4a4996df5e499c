"""The calls that the filter leaves to the zygote: the first execve, later ones, those only an exploit makes."""

import signal
from dataclasses import replace

import pytest

from executor.attacks.arena import policy
from executor.sandbox.sandbox import FOREIGN
from tests.sandbox.ground import Running, resident

PREAMBLE = "from executor.attacks.guest.attack import call, say\n"
# What a signal handler interrupts is called back from the zygote, and comes again.
CALLED_BACK = """
import signal, threading
signal.signal(signal.SIGUSR1, lambda *_: None)
signal.siginterrupt(signal.SIGUSR1, False)
main = threading.main_thread().ident
def pester():
    while True:
        signal.pthread_kill(main, signal.SIGUSR1)
threading.Thread(target=pester, daemon=True).start()
while True:
    call("execve", b"/rt/main.py", None, None)
"""
FROM_MANY_THREADS = """
import threading
gate = threading.Barrier(8)
def cross():
    gate.wait()
    call("ptrace", 0, 0, 0, 0)
for _ in range(8):
    threading.Thread(target=cross).start()
"""


async def python(data, program):
    """How a program ended, what it said; the next one is served after it."""
    walls = policy("python", data)
    launcher = await resident(
        "sealed", lambda: replace(walls, argv=(*walls.argv[:-1], "-c", "import os; exec(os.read(3, 65536))"))
    )
    running = await Running.start(launcher)
    running.channel.sendall(f"{PREAMBLE}{program}".encode())
    ended, said, complained = await running.finish()
    after = await Running.start(launcher)
    after.channel.sendall(b"print('served')")
    assert (await after.finish())[1] == "served\n"
    return ended, said, complained


@pytest.mark.parametrize("name", ["ptrace", "mount", "bpf", "clock_settime"])
async def test_a_deadly_call_is_named(data, name):
    ended, said, _ = await python(data, f"call({name!r}, 0, 0, 0, 0, 0)\nsay('survived')")
    assert (ended.signal, ended.syscall, said) == (signal.SIGSYS, name, "")


async def test_of_many_at_once_one_is_named(data):
    ended, _, _ = await python(data, FROM_MANY_THREADS)
    assert (ended.signal, ended.syscall) == (signal.SIGSYS, "ptrace")


@pytest.mark.parametrize("number", [0x40000000 | 39, 0x40000000 | 101])
async def test_a_call_by_another_convention_is_foreign(data, number):
    ended, _, _ = await python(data, f"call({number})")
    assert (ended.signal, ended.syscall) == (signal.SIGSYS, FOREIGN)


async def test_later_execves_are_unknown_until_there_are_too_many(data):
    ended, said, _ = await python(data, "while True: say(call('execve', b'/rt/main.py', None, None))")
    assert said.split() == ["ENOSYS"] * 8
    assert (ended.signal, ended.syscall) == (signal.SIGSYS, "execve")


async def test_a_caller_that_is_called_back_all_the_time_keeps_nobody_busy(data):
    ended, _, _ = await python(data, CALLED_BACK)
    assert (ended.signal, ended.syscall) == (signal.SIGSYS, "execve")


async def test_an_ordinary_end_names_nothing(data):
    ended, said, _ = await python(data, "say(call('getppid'))")
    assert (ended.code, ended.syscall, said) == (0, None, "done\n")
