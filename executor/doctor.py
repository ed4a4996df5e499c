"""Looks at this host: what it gives of each wall, and whether runtimes work behind them."""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from executor.config import accepted_weaker, data_directory
from executor.report import Report, RuntimeReport
from executor.runtimes import node, python
from executor.runtimes.selftest import SelfTestFailed
from executor.sandbox import survey
from executor.sandbox.counts import count
from executor.sandbox.errors import SpawnFailed
from executor.sandbox.launcher import SandboxUnavailable
from executor.sandbox.policy import ALL_NAMESPACES, Policy
from executor.sandbox.survey import Survey

EXIT_REFUSES = 1


def main(arguments: Sequence[str]) -> int:
    """`python -m executor doctor`: 0 when the executor would serve. Raises SandboxUnavailable."""
    parser = argparse.ArgumentParser(
        prog="python -m executor doctor", description="Tries every wall of the sandbox on this host."
    )
    parser.add_argument("--json", action="store_true", help="the report as the console gets it")
    options = parser.parse_args(arguments)
    report = asyncio.run(Doctor(data_directory(), accepted_weaker()).report())
    sys.stdout.write((json.dumps(report.to_json(), indent=2) if options.json else report.text()) + "\n")
    return 0 if report.serves else EXIT_REFUSES


@dataclass(frozen=True, slots=True)
class Patient:
    """A runtime under examination. Webtasks cannot be served without one that is `needed`."""

    prepare: Callable[[Path], Path]
    policy: Callable[[Path], Policy]
    self_test: Callable[..., Awaitable[str]]
    needed: bool = True


RUNTIMES = {
    "node": Patient(node.prepare, node.policy, node.self_test),
    "python": Patient(lambda data: python.prepare(data, {}), python.policy, python.self_test, needed=False),
}


class Doctor:
    """`data` is where roots are kept; `accepted` are the layers an operator goes without."""

    def __init__(self, data: Path, accepted: frozenset[str]) -> None:
        self._data = data
        self._accepted = accepted
        # As found by the last report.
        self.host: Survey | None = None

    async def report(self, *, brief: bool = False) -> Report:
        """Everything is tried anew; when `brief`, of the runtimes only those that are needed.

        Raises SandboxUnavailable only when the host cannot be looked at.
        """
        host = self.host = await survey.look()
        layers = survey.judge(host, wanted=ALL_NAMESPACES, accepted=self._accepted)
        walls = not any(layer.refuses for layer in layers)
        chosen = {name: it for name, it in RUNTIMES.items() if it.needed or not brief}
        examined = await asyncio.gather(*(self._examine(it, host, run=walls) for it in chosen.values()))
        runtimes = dict(zip(chosen, examined, strict=True))
        works = all(not runtimes[name].trouble for name, it in chosen.items() if it.needed)
        return Report(
            mode=host.mode, layers=layers, runtimes=runtimes, kernel=host.kernel, serves=walls and works
        )

    async def _examine(self, patient: Patient, host: Survey, *, run: bool) -> RuntimeReport:
        root = await asyncio.to_thread(patient.prepare, self._data)
        counts = count(patient.policy(root).rules)
        version, trouble = "", ""
        if run:
            try:
                version = await patient.self_test(root, accept_weaker=self._accepted, found=host)
            except (SandboxUnavailable, SelfTestFailed, SpawnFailed) as error:
                trouble = str(error)
        return RuntimeReport(
            version=version,
            allowed=counts.allowed,
            checked=counts.checked,
            total=counts.total,
            refused=counts.refused,
            deadly=counts.deadly,
            trouble=trouble,
        )
