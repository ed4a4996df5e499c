"""The walls of each runtime around its workload."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from executor.runtimes import node, python
from executor.sandbox.policy import Policy

_HERE = Path(__file__).parent
PACKAGES = _HERE.parent / "clients" / "node_modules"
PORTS = (80,)


def _node(data: Path) -> Policy:
    """With the packages of the lock beside the workload."""
    directory = node.prepare(data, _HERE / "node")
    inside = directory / "rt" / "node_modules"
    shutil.copytree(PACKAGES, inside, copy_function=_link, ignore=shutil.ignore_patterns(".*"))
    return node.policy(directory, ports=PORTS)


def _python(data: Path) -> Policy:
    workload = _HERE / "python"
    guest = {f"/rt/{path.relative_to(workload)}": path for path in workload.rglob("*.py")}
    return python.policy(python.prepare(data, guest), ports=PORTS)


POLICIES: dict[str, Callable[[Path], Policy]] = {"node": _node, "python": _python}


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
