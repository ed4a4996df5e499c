"""Looks at this host: what it gives of each wall, and whether runtimes work behind them."""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from executor.config import accepted_weaker, data_directory
from executor.report import Report, RuntimeReport
from executor.runtimes import node
from executor.runtimes.selftest import SelfTestFailed
from executor.sandbox import survey
from executor.sandbox.errors import SpawnFailed
from executor.sandbox.launcher import SandboxUnavailable
from executor.sandbox.policy import Policy
from executor.sandbox.rules import Kind, Rule, by_name
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


class Doctor:
    """`data` is where roots are kept; `accepted` are the layers an operator goes without."""

    def __init__(self, data: Path, accepted: frozenset[str]) -> None:
        self._data = data
        self._accepted = accepted
        # As found by the last report.
        self.host: Survey | None = None

    async def report(self) -> Report:
        """Everything is tried anew. Raises SandboxUnavailable only when the host cannot be looked at."""
        host = self.host = await survey.look()
        root = await asyncio.to_thread(node.prepare, self._data)
        policy = node.policy(root)
        layers = survey.judge(host.findings, wanted=policy.namespaces, accepted=self._accepted)
        serves = not any(layer.refuses for layer in layers)
        version, trouble = "", ""
        if serves:
            version, trouble = await self._try_node(root, host)
        return Report(
            mode=host.mode,
            layers=layers,
            runtimes={"node": _runtime(policy, version=version, trouble=trouble)},
            kernel=host.kernel,
            serves=serves and not trouble,
        )

    async def _try_node(self, root: Path, host: Survey) -> tuple[str, str]:
        """Its version, and what is wrong with it."""
        try:
            return await node.self_test(root, accept_weaker=self._accepted, found=host), ""
        except (SandboxUnavailable, SelfTestFailed, SpawnFailed) as error:
            return "", str(error)


def _runtime(policy: Policy, *, version: str, trouble: str) -> RuntimeReport:
    rules = by_name(policy.rules).values()
    allowed, checked = _count(rules, Kind.ALLOW), sum(1 for rule in rules if rule.cases)
    return RuntimeReport(
        version=version,
        allowed=allowed,
        checked=checked,
        total=allowed + checked + _count(rules, Kind.NOTIFY),
        refused=_count(rules, Kind.ERRNO),
        deadly=_count(rules, Kind.KILL),
        trouble=trouble,
    )


def _count(rules: Iterable[Rule], kind: Kind) -> int:
    return sum(1 for rule in rules if not rule.cases and rule.verdict.kind is kind)
