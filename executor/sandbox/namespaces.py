"""Namespaces and who is who in them."""

import contextlib
import os
from collections.abc import Iterator

from executor.sandbox import libc
from executor.sandbox.errors import SandboxUnavailable
from executor.sandbox.identity import Identities, Identity, own_maps, privileged, spare
from executor.sandbox.layers import LAYERS
from executor.sandbox.policy import INNER_ID


def open_proc() -> int:
    """The host's /proc, kept past the pivot: identity maps are written through it."""
    return os.open("/proc", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)


def map_identity(proc: int, pid: int, identity: Identity) -> None:
    """Inner 1000 is `identity` outside; nobody else exists inside."""
    _write(proc, f"{pid}/uid_map", f"{INNER_ID} {identity.user} 1")
    _write(proc, f"{pid}/gid_map", f"{INNER_ID} {identity.group} 1")


def offer_to_oom_killer(proc: int, pid: int, score: int) -> None:
    _write(proc, f"{pid}/oom_score_adj", str(score))


def leave_host(proc: int) -> Identities:
    """Into mounts of our own. Returns who sandboxes can be.

    An ordinary user gets there by a user namespace where only that user exists, under the same number.
    Raises SandboxUnavailable.
    """
    own = Identity(os.geteuid(), os.getegid())
    if privileged():
        identities = Identities(spare(own_maps()), otherwise=own)
    else:
        identities = Identities(range(0), otherwise=own)
        with _layer("user"):
            libc.unshare(libc.NAMESPACE_FLAGS["user"])
            _write(proc, "self/setgroups", "deny")
            _write(proc, "self/uid_map", f"{own.user} {own.user} 1")
            _write(proc, "self/gid_map", f"{own.group} {own.group} 1")
        # Gaining capabilities made this process not dumpable, and its children's maps root's to write.
        libc.prctl(libc.PR_SET_DUMPABLE, 1)
    with _layer("mount"):
        libc.unshare(libc.NAMESPACE_FLAGS["mount"])
        libc.mount(source=None, target="/", kind=None, flags=libc.MS_REC | libc.MS_PRIVATE)
    return identities


def stay(*, distinct: bool) -> Identities:
    """Who sandboxes can be where nobody may leave the host: with the right to it, users that nobody else is."""
    own = Identity(os.geteuid(), os.getegid())
    return Identities(spare(own_maps()) if distinct else range(0), otherwise=own)


@contextlib.contextmanager
def _layer(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SandboxUnavailable(name, str(error), LAYERS[name].remedy) from error


def _write(proc: int, path: str, text: str) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CLOEXEC, dir_fd=proc)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)
