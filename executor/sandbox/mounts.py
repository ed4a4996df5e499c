"""The file system of a sandbox."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from executor.sandbox import libc


def enter_root(root: str, shares: Iterable[tuple[str, str]] = ()) -> None:
    """`root` becomes the only thing mounted in this mount namespace, and `shares` (directory, path inside) in it.

    All of it read-only.
    """
    libc.mount(source=root, target=root, kind=None, flags=libc.MS_BIND | libc.MS_REC)
    for directory, path in shares:
        libc.mount(source=directory, target=f"{root}{path}", kind=None, flags=libc.MS_BIND)
        # What came from elsewhere is never mapped as machine code.
        with _opened(f"{root}{path}") as share:
            libc.mount_setattr(share, libc.MOUNT_ATTR_NOEXEC)
    with _opened(root) as whole:
        libc.mount_setattr(whole, libc.MOUNT_ATTR_RDONLY | libc.MOUNT_ATTR_NOSUID | libc.MOUNT_ATTR_NODEV)
        os.fchdir(whole)
    # The old root is stacked upon the new one and taken away from there: no directory for it is needed.
    libc.pivot_root(".", ".")
    libc.unmount(".")
    os.chdir("/")


@contextmanager
def _opened(directory: str) -> Iterator[int]:
    descriptor = os.open(directory, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def mount_tmpfs(path: str, data: str) -> None:
    flags = libc.MS_NOSUID | libc.MS_NODEV | libc.MS_NOEXEC
    libc.mount(source="tmpfs", target=path, kind="tmpfs", flags=flags, data=data)
