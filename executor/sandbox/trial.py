"""Whether control groups bound a process here: tried on one."""

import errno
import os
import signal
import socket
from typing import NoReturn

from executor.sandbox import messages
from executor.sandbox.group import Nest
from executor.sandbox.hierarchy import CONTROLLERS, Place
from executor.sandbox.policy import Quota


def usable(places: list[Place]) -> tuple[list[Place], str | None]:
    """Those that may be used, and why that is less than everything; None when it is not."""
    if not places:
        return [], "this process may not make control groups"
    try:
        failure = _try(places)
    except OSError as error:
        failure = str(error)
    if failure:
        return [], failure
    lacking = set(CONTROLLERS).difference(*(place.controllers for place in places))
    return places, f"nothing here bounds: {', '.join(sorted(lacking))}" if lacking else None


def _try(places: list[Place]) -> str | None:
    nest = Nest(places)
    ours, its = messages.pair()
    try:
        with ours, its:
            pid = os.fork()
            if pid == 0:
                _be_bounded(its)
            its.close()
            return _bound(nest, pid, ours)
    finally:
        nest.close()


def _bound(nest: Nest, pid: int, line: socket.socket) -> str | None:
    """One process and no more, so that its own child is refused."""
    group = None
    try:
        group = nest.put(pid, Quota(pids=1))
        line.send(b"\0")
        # The end of the line means that all went as it should.
        return line.recv(200).decode() or None
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        if group is not None:
            group.remove()


def _be_bounded(line: socket.socket) -> NoReturn:
    try:
        line.recv(1)
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        line.send(b"a group of one process has two")
    except OSError as error:
        if error.errno != errno.EAGAIN:
            line.send(str(error).encode())
    finally:
        os._exit(0)
