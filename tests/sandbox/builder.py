"""A process that prepares a root, says where, and keeps it until its standard input closes."""

import os
import sys
from pathlib import Path

from executor.runtimes import root


def content(text: str) -> root.Content:
    """Big enough that two builders meet half way."""
    return root.Content({"/bin/python": Path(sys.executable).resolve()}, {"/etc/text": text}, ["/tmp"])


if __name__ == "__main__":
    os.umask(0o077)
    sys.stdin.readline()
    sys.stdout.write(f"{root.prepare(Path(sys.argv[1]), 'test', content(sys.argv[2]))}\n")
    sys.stdout.flush()
    sys.stdin.read()
